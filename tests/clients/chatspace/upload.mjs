// Seed 001: pictures in messages.
//
//   node chatspace/upload.mjs --url http://127.0.0.1:8080 [--prefix ""] [--uploads on|off] [--public https://chat.example.com]
//
// `--public`: the gateways' PUBLIC_URL, if they have one. Addresses begin with it then.

import { film, png } from '../lib/media.mjs';
import { request } from '../lib/rest.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { same, shaped, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { api, ears, FAILURE, member, MESSAGE } from './people.mjs';

await scenario({ url: undefined, prefix: '/chatspace', uploads: 'on', public: '' }, async ({ url, prefix, uploads, public: base }) => {
  const [alice, bob] = await Promise.all([member('alice', url[0], prefix), member('bob', url.at(-1), prefix)]);
  const send = async (...fields) => {
    const form = new FormData();
    fields.forEach(([name, ...value]) => form.append(name, ...value));
    const headers = { authorization: `Bearer ${alice.token}` };
    const answer = await fetch(`${alice.server}/api/messages/send/${bob.id}`, { method: 'POST', headers, body: form });
    return { status: answer.status, body: await answer.json() };
  };
  const picture = png(40, 30);
  const text = ['text', 'look'];
  const image = ['image', new Blob([picture], { type: 'image/png' }), 'dot.png'];

  doing('multipart without a picture');
  for (const more of [[], [['image', new Blob([]), '']]]) {
    const plain = await send(['text', 'only words'], ...more);
    shaped(plain, { status: 201, body: { success: true, newMessage: { ...MESSAGE, text: 'only words', image: '' } } }, 'a message without a picture');
  }
  const neither = await send();
  shaped(neither, { status: 400, body: { ...FAILURE, message: 'Either text or image is required' } }, 'neither');
  shaped(await send(['text', 'x'.repeat(300_000)]), { status: 400, body: FAILURE }, 'a huge text');

  if (uploads === 'off') {
    doing('"Image uploads are disabled by AVC"');
    for (const fields of [[text, image], [image, text], [image]]) {
      const answer = await send(...fields);
      shaped(answer, { status: 403, body: { ...FAILURE, message: 'Image uploads are disabled by AVC' } }, 'a picture, with uploads switched off');
    }
    ears(bob).exactly(0, 'newMessage', (one) => one.image !== '');
    return;
  }

  doing('Hybrid Message Support: handles both text and image messages');
  const seen = async (address) => {
    check(address.startsWith(base), () => `the address is ${address}`);
    const answer = await fetch(new URL(address.slice(base.length), url.at(-1)));
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const shows = async (who, address) => {
    const shown = await seen(address);
    check(shown.status === 200 && shown.bytes.equals(picture), () => `${address}, which ${who} was told, was answered ${shown.status}`);
  };
  for (const fields of [[text, image], [image, text], [image]]) {
    const { status, body } = await send(...fields);
    shaped({ status, body }, { status: 201, body: { success: true, newMessage: { ...MESSAGE, image: words } } }, 'a message with a picture');
    const { _id, image: told } = body.newMessage;
    const said = fields.length > 1 ? 'look' : '';
    const heard = await ears(bob).once('newMessage', (one) => one._id === _id);
    shaped(heard, { ...MESSAGE, senderId: alice.id, receiverId: bob.id, image: words, text: said }, 'newMessage');
    const { body: { messages } } = await api(bob, 'GET', `/messages/${alice.id}`);
    const kept = messages.find((one) => one._id === _id);
    shaped(kept, { ...MESSAGE, image: words, text: said }, 'the message in the conversation');

    doing('an <img> has no token: the address is enough, for whom it was told');
    for (const [who, address] of [['Alice', told], ['Bob', heard.image], ['Bob, later,', kept.image]]) await shows(who, address);
    check(told !== heard.image, 'sender and receiver have one address');
    same((await seen(heard.image.replace(bob.id, alice.id))).status, 401, 'an address that was changed');
    same((await seen(heard.image.split('?')[0])).status, 401, 'an address without its signature');
  }

  doing('the page shows it');
  await bob.page.click(`#user-${alice.id}`);
  await until(() => bob.page.all('img').length === 3, () => `three pictures, there are ${bob.page.all('img').length}`);
  for (const { src } of bob.page.all('img')) await shows('the page', base ? src : new URL(src).href.replace(new URL(src).origin, ''));

  doing('a face that was uploaded');
  const body = await (await fetch(`${url[0]}/native/api/media`, { method: 'POST', headers: { authorization: `Bearer ${alice.token}` }, body: picture })).json();
  const profile = await request(url[0], 'PATCH', '/native/api/users/me', { token: alice.token, body: { avatarUrl: body.url } });
  check(profile.status === 200, () => `a new face was answered ${profile.status} ${quote(profile.body)}`);
  const face = await until(async () => {
    const { body: { users } } = await api(bob, 'GET', '/messages/users');
    return users.find(({ _id }) => _id === alice.id).profilePic;
  }, "Alice's face", 40_000);
  await shows('Bob', face);

  doing('what is no picture');
  for (const [bytes, type] of [[film(2_000), 'video/webm'], [film(2_000), 'image/png'], [Buffer.from('<svg/>'), 'image/svg+xml'], [picture.subarray(0, 60), 'image/png']]) {
    const { status, body } = await send(text, ['image', new Blob([bytes], { type }), 'a.png']);
    check([400, 415].includes(status), () => `${type} of ${bytes.length} bytes was answered ${status} ${quote(body)}`);
    shaped(body, FAILURE, 'the refusal');
  }
  const answer = await fetch(`${alice.server}/api/messages/send/${bob.id}`, { method: 'POST', body: new FormData() });
  check(answer.status === 401, `a picture without a token was answered ${answer.status}`);
});
