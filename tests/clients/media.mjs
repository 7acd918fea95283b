// Files: sent to one gateway, seen on the other by those who may, and by nobody else; and what is not taken.
//
//   node media.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --balancer http://127.0.0.1:7400 --most 12000000 --direct gateway

import { connect as dial } from 'node:net';
import { film, get, png, sidesOfJpeg, tryUpload, upload } from './lib/media.mjs';
import { ask as rest, createGroup, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, balancer: undefined, most: 12_000_000, direct: 'gateway', deadline: 120 }, async ({ url, balancer, most, direct }) => {
  const [here, there] = [url[0], url.at(-1)];
  const [alice, bob, carol, eve] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob'), signUp(there, 'carol'), signUp(there, 'eve')]);
  const room = await createGroup(alice, [bob, carol]);
  const [alices, bobs] = await Promise.all([connect(alice), connect(bob)]);
  const heard = [];
  bobs.on('message:receive', (message) => heard.push(message));
  const hearsOf = (id) => until(() => heard.find((message) => message.id === id), `message ${id}`);
  const status = async (user, path, options) => (await get(user, path, options)).status;
  const expect = async (what, wanted, actual) => {
    const got = await actual;
    check(got === wanted, () => `${what}: ${got} instead of ${wanted}`);
  };
  const refused = async (what, wanted, code, answer) => {
    const got = await answer;
    check(got.status === wanted && got.body.code === code, () => `${what} was answered ${got.status} ${quote(got.body)}, not ${wanted} ${code}`);
  };

  doing('uploading an image on one gateway and showing it');
  const bytes = png(1200, 600);
  const cat = await upload(alice, bytes, { name: '../pictures/cat \u202e.png', type: 'image/png' });
  check(cat.state === 'ready' && cat.mimeType === 'image/png' && cat.size === bytes.length && cat.width === 1200 && cat.height === 600 && cat.name === 'cat .png', () => `the upload is ${quote(cat)}`);
  await expect('what nobody has shown to him', 404, status(bob, cat.url));
  const message = await send(alices, { roomId: room.id, attachments: [{ mediaId: cat.id, mimeType: 'text/html', width: 7 }] });
  const [shown] = (await hearsOf(message.id)).attachments;
  check(message.type === 'image' && shown.url === cat.url && shown.mimeType === 'image/png' && shown.width === 1200 && shown.size === bytes.length, () => `bob heard of ${quote(shown)} in ${message.type}`);

  doing('getting it on the other gateway');
  const got = await get(bob, shown.url);
  check(got.status === 200 && got.bytes.equals(bytes), `bob got ${got.status} and ${got.bytes.length} bytes of ${bytes.length}`);
  const said = (name) => got.headers.get(name);
  check(said('content-type') === 'image/png' && said('x-content-type-options') === 'nosniff' && said('content-disposition').startsWith('inline; filename="cat .png"') && said('accept-ranges') === 'bytes' && said('content-security-policy').includes('sandbox'), () => `the headers are ${quote([...got.headers])}`);
  const thumbnail = await get(bob, shown.thumbnailUrl);
  check(thumbnail.headers.get('content-type') === 'image/jpeg' && quote(sidesOfJpeg(thumbnail.bytes)) === '[480,240]', () => `the thumbnail is ${sidesOfJpeg(thumbnail.bytes)}`);
  const small = await upload(alice, png(20, 10));
  check((await get(alice, small.thumbnailUrl)).headers.get('content-type') === 'image/png', 'a small image is its own thumbnail');
  await expect('a stranger', 404, status(eve, cat.url));
  await expect('a stranger to the thumbnail', 404, status(eve, shown.thumbnailUrl));
  await expect('somebody without a token', 401, status(null, cat.url, { url: there }));

  doing('asking for parts of it');
  const part = await get(bob, cat.url, { headers: { range: 'bytes=10-19' } });
  check(part.status === 206 && part.headers.get('content-range') === `bytes 10-19/${bytes.length}` && part.bytes.equals(bytes.subarray(10, 20)), () => `a part was answered ${part.status} ${part.headers.get('content-range')}`);
  check((await get(bob, cat.url, { headers: { range: 'bytes=-5' } })).bytes.equals(bytes.subarray(-5)), 'the last five bytes are others');
  const beyond = await get(bob, cat.url, { headers: { range: `bytes=${bytes.length}-` } });
  check(beyond.status === 416 && beyond.headers.get('content-range') === `bytes */${bytes.length}`, () => `beyond the end: ${beyond.status}`);
  const tag = said('etag');
  await expect('a tag that is known', 304, status(bob, cat.url, { headers: { 'if-none-match': tag } }));
  await expect('a part of what is no more', 200, status(bob, cat.url, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } }));
  await expect('a known tag, for a stranger', 404, status(eve, cat.url, { headers: { 'if-none-match': tag } }));

  doing('signed addresses');
  const signed = async (user) => (await rest(user.url, 'POST', '/api/media/urls', { token: user.token, body: { ids: [cat.id] } })).urls[0];
  const [bobsLink, carolsLink, evesLink] = await Promise.all([signed(bob), signed(carol), signed(eve)]);
  for (const gateway of url) {
    const page = await get(null, bobsLink.url, { url: gateway });
    check(page.status === 200 && page.bytes.equals(bytes), `a signed address was answered ${page.status}`);
    await expect('a signed thumbnail', 200, status(null, bobsLink.thumbnailUrl, { url: gateway }));
  }
  await expect('an address signed for a stranger', 404, status(null, evesLink.url, { url: here }));
  for (const [what, forged] of [
    ['for somebody else', bobsLink.url.replace(bob.id, alice.id)],
    ['for something else', bobsLink.url.replace(cat.id, small.id)],
    ['for longer', bobsLink.url.replace(/expires=\d+/, (text) => `expires=${Number(text.slice(8)) + 60}`)],
    ['of long ago', bobsLink.url.replace(/expires=\d+/, 'expires=1')],
    ['that nobody made', bobsLink.url.replace(/signature=.*/, 'signature=AAAA')],
  ]) await expect(`an address ${what}`, 401, status(null, forged, { url: there }));

  doing('a member who is taken out');
  await expect('carol, a member', 200, status(carol, cat.url));
  await rest(here, 'DELETE', `/api/rooms/${room.id}/members/${carol.id}`, { token: alice.token });
  for (const gateway of url) {
    await expect('carol, taken out', 404, status(carol, cat.url, { url: gateway }));
    await expect('carol, by an address of before', 404, status(null, carolsLink.url, { url: gateway }));
  }

  doing('what is too large');
  const large = film(most + 1);
  await refused('a byte too many, announced', 413, 'MEDIA_TOO_LARGE', tryUpload(alice, large));
  const stream = new ReadableStream({ start(controller) { for (let at = 0; at <= most; at += 1_000_000) controller.enqueue(large.subarray(at, at + 1_000_000)); controller.close(); } });
  await refused('a byte too many, not announced', 413, 'MEDIA_TOO_LARGE', tryUpload(alice, stream));
  await refused('nothing at all', 400, 'MEDIA_EMPTY', tryUpload(alice, Buffer.alloc(0)));

  doing('what is not what it says, or nothing that is taken');
  const page = Buffer.from('<!DOCTYPE html><script>alert(1)</script>');
  await refused('a page called an image', 415, 'MEDIA_TYPE_MISMATCH', tryUpload(alice, page, { name: 'cat.png', type: 'image/png' }));
  await refused('a page by the name of an image', 415, 'MEDIA_TYPE_NOT_ALLOWED', tryUpload(alice, page, { name: 'cat.png' }));
  await refused('an image with scripts', 415, 'MEDIA_TYPE_NOT_ALLOWED', tryUpload(alice, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { type: 'image/svg+xml' }));
  await refused('a broken image', 400, 'IMAGE_UNREADABLE', tryUpload(alice, bytes.subarray(0, bytes.length - 40), { type: 'image/png' }));
  await refused('somebody without a token', 401, 'TOKEN_INVALID', tryUpload({ ...alice, token: 'none' }, bytes));

  doing('a form through the balancer');
  const form = new FormData();
  form.append('caption', 'some words');
  form.append('file', new Blob(['just words'], { type: 'text/plain' }), 'C:\\notes\\wörter.txt');
  const answer = await fetch(`${balancer}/api/media`, { method: 'POST', headers: { authorization: `Bearer ${alice.token}` }, body: form });
  const words = await answer.json();
  check(answer.status === 201 && words.name === 'wörter.txt' && words.mimeType === 'text/plain' && words.thumbnailUrl === undefined, () => `a form was answered ${quote(words)}`);
  const text = await get(alice, words.url);
  check(text.headers.get('content-disposition').startsWith('attachment;') && text.headers.get('content-type') === 'text/plain; charset=utf-8' && text.bytes.toString() === 'just words', () => `words came as ${quote([...text.headers])}`);
  await expect('a thumbnail of words', 404, status(alice, `${words.url}/thumbnail`));

  doing('a long film through the balancer');
  const long = film(most - 1_000);
  const movie = await upload(alice, long, { url: balancer, name: 'film.webm', type: 'video/webm' });
  const back = await get(alice, movie.url, { url: balancer });
  check(movie.mimeType === 'video/webm' && back.bytes.equals(long), `of ${long.length} bytes ${back.bytes.length} came back`);
  const middle = await get(alice, movie.url, { url: balancer, headers: { range: 'bytes=500000-1700000' } });
  check(middle.status === 206 && middle.bytes.equals(long.subarray(500_000, 1_700_001)), `a part of a film was answered ${middle.status}`);

  doing('uploading past the API');
  const announce = async (user, size) => {
    const expected = await rest(here, 'POST', '/api/media/direct', { token: user.token, body: { name: 'direct.png', size } });
    const path = expected.upload.url.startsWith('/');
    check(path === (direct === 'gateway') && expected.media.state === 'pending', () => `the upload goes to ${expected.upload.url}`);
    return { ...expected, to: new URL(expected.upload.url, there).href };
  };
  const put = async ({ to }, body) => (await fetch(to, { method: 'PUT', body })).status;
  const complete = (user, { media }, at = there) => request(at, 'POST', `/api/media/${media.id}/complete`, { token: user.token });
  const expected = await announce(alice, bytes.length);
  await refused('completing before anything came', 409, 'UPLOAD_MISSING', complete(alice, expected));
  const much = await put(expected, Buffer.concat([bytes, Buffer.from('x')]));
  const little = await put(expected, bytes.subarray(1));
  check([400, 403].includes(much) && [400, 403].includes(little), `another size than announced was answered ${much} and ${little}`);
  await refused('completing what was refused', 409, 'UPLOAD_MISSING', complete(alice, expected));
  await expect('the upload itself', 200, put(expected, bytes));
  await expect('what is not complete, for its owner', 404, status(alice, expected.media.url));
  await refused('somebody else completing it', 404, 'MEDIA_NOT_FOUND', complete(bob, expected));
  const done = await complete(alice, expected);
  check(done.status === 200 && done.body.state === 'ready' && done.body.mimeType === 'image/png' && done.body.width === 1200, () => `completing was answered ${quote(done)}`);
  check(quote((await complete(alice, expected, here)).body) === quote(done.body), 'completing again is answered otherwise');
  // S3 takes it, beside the file; the gateway does not.
  await expect('more by the same address', direct === 'gateway' ? 409 : 200, put(expected, Buffer.alloc(bytes.length)));
  check((await get(alice, expected.media.url)).bytes.equals(bytes), 'what was found good was exchanged');
  const bad = await announce(alice, page.length);
  await expect('a page, past the API', 200, put(bad, page));
  await refused('completing a page', 415, 'MEDIA_TYPE_NOT_ALLOWED', complete(alice, bad));
  await refused('completing what was given up', 404, 'MEDIA_NOT_FOUND', complete(alice, bad));
  await refused('too large, past the API', 413, 'MEDIA_TOO_LARGE', request(here, 'POST', '/api/media/direct', { token: alice.token, body: { size: most + 1 } }));

  doing('faces');
  const [face, other] = [await upload(alice, png(30, 30)), await upload(alice, png(31, 31))];
  const setAvatar = (user, avatarUrl) => request(user.url, 'PATCH', '/api/users/me', { token: user.token, body: { avatarUrl } });
  const profile = await setAvatar(alice, face.url);
  check(profile.body.avatarUrl === face.url, () => `the profile is ${quote(profile.body)}`);
  await expect('a face, for anybody', 200, status(eve, face.url));
  const withFace = await hearsOf((await send(alices, { roomId: room.id, content: 'see my face' })).id);
  check(withFace.sender.avatarUrl === face.url, () => `the sender is ${quote(withFace.sender)}`);
  await refused('the face of somebody else', 404, 'MEDIA_NOT_FOUND', setAvatar(eve, face.url));
  await refused('a film as a face', 400, 'IMAGE_URL_INVALID', setAvatar(alice, movie.url));
  await setAvatar(alice, other.url);
  await expect('the face before', 404, status(eve, face.url));
  await expect('the new face', 200, status(eve, other.url));

  doing('images of rooms');
  const image = await upload(alice, png(40, 40));
  const setImage = (user, id, imageUrl) => request(user.url, 'PATCH', `/api/rooms/${id}`, { token: user.token, body: { imageUrl } });
  const pictured = await setImage(alice, room.id, image.url);
  check(pictured.body.imageUrl === image.url, () => `the room is ${quote(pictured.body)}`);
  await expect('a room\'s image, for a member', 200, status(bob, image.url));
  await expect('a room\'s image, for a stranger', 404, status(eve, image.url));
  const elsewhere = await createGroup(eve, [carol]);
  await refused('somebody else\'s image', 400, 'IMAGE_URL_INVALID', setImage(eve, elsewhere.id, image.url));

  doing('attaching what is not one\'s own');
  for (const mediaId of [cat.id, movie.id, 'f'.repeat(24)]) {
    const theft = await ask(bobs, 'message:send', { roomId: room.id, attachments: [{ mediaId }] });
    check(theft.ok === false && theft.error.code === 'ATTACHMENT_INVALID', () => `bob attached ${mediaId}: ${quote(theft)}`);
  }

  doing('deleting the message for everyone');
  await rest(here, 'DELETE', `/api/messages/${message.id}?for=everyone`, { token: alice.token });
  await expect('an image of a deleted message', 404, status(bob, cat.url));
  await expect('an image of a deleted message, by a signed address', 404, status(null, bobsLink.url, { url: there }));

  doing('an upload that stops in the middle');
  const { hostname, port } = new URL(here);
  const raw = dial(Number(port), hostname);
  let reply = '';
  raw.on('data', (data) => { reply += data; });
  raw.write(`POST /api/media HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${alice.token}\r\ncontent-length: 100000\r\n\r\n`);
  raw.write(film(20_000));
  await until(() => reply.endsWith('}'), () => `the end of an upload that stopped, after ${quote(reply)}`, 60_000);
  check(reply.startsWith('HTTP/1.1 408') && reply.includes('UPLOAD_STALLED'), () => `it was answered ${reply}`);
  raw.destroy();
  return { size: long.length };
});
