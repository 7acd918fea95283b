// Seed 000, section 5: `POST /api/messages/upload`, and a message with what was uploaded.
//
//   node social/upload.mjs --url http://127.0.0.1:8080 [--prefix ""] [--uploads on|off] [--public https://chat.example.com]
//
// `--public`: the gateways' PUBLIC_URL, if they have one. Addresses begin with it then.

import { png } from '../lib/media.mjs';
import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { either, nothing, same, shaped, time, words } from '../lib/shape.mjs';
import { ask } from '../lib/socket.mjs';
import { history, joined, member, MESSAGE, pair, tab } from './people.mjs';

await scenario({ url: undefined, prefix: '/social', uploads: 'on', public: '' }, async ({ url, prefix, uploads, public: base }) => {
  const [alice, bob, eve] = await Promise.all(['alice', 'bob', 'eve'].map((name, at) => member(name, url.at(-(at % 2)), prefix)));
  const { _id: conversationId } = await pair(alice, bob);
  const [alices, bobs] = await Promise.all([tab('Alice', alice), tab('Bob', bob)]);
  await Promise.all([alices, bobs].map((socket) => joined(socket, conversationId)));
  const upload = async (fields) => {
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, ...value));
    const answer = await alice.page.fetch(`${prefix}/api/messages/upload`, { method: 'POST', body: form });
    return { status: answer.status, body: await answer.json() };
  };
  const picture = png(30, 20);
  const file = [new Blob([picture], { type: 'image/png' }), 'dot.png'];

  if (uploads === 'off') {
    doing('uploads that are switched off');
    shaped(await upload({ file }), { status: 403, body: either({ error: words }, { message: words }) }, 'an upload');
    const sent = await ask(alices, 'chat:send', { conversationId, text: 'just words' });
    check(sent.success, () => `a message was answered ${quote(sent)}`);
    return;
  }

  doing('POST /api/messages/upload: Upload media file');
  const { status, body: media } = await upload({ caption: ['look'], file });
  check(status === 201, () => `uploading was answered ${status} ${quote(media)}`);
  shaped(media, { mediaUrl: words, mediaType: 'image/png', thumbnailUrl: words, name: 'dot.png', size: picture.length }, 'the upload');
  check(media.mediaUrl.startsWith(base), () => `the address is ${media.mediaUrl}`);
  const refused = { 'no file': [400, {}], 'a file that lies': [415, { file: [new Blob(['<svg/>'], { type: 'image/png' }), 'dot.png'] }] };
  for (const [what, [wanted, fields]] of Object.entries(refused)) {
    shaped(await upload(fields), { status: wanted, body: either({ error: words }, { message: words }) }, what);
  }
  const stranger = await fetch(`${alice.server}/api/messages/upload`, { method: 'POST', body: new FormData() });
  check(stranger.status === 401, `an upload without a token was answered ${stranger.status}`);

  doing('a message with it');
  const sent = await ask(alices, 'chat:send', { conversationId, mediaUrl: media.mediaUrl, mediaType: media.mediaType, tempId: 'temp_image' });
  const expected = { ...MESSAGE, messageType: 'image', text: '', mediaUrl: media.mediaUrl, mediaType: 'image/png', thumbnailUrl: media.thumbnailUrl };
  shaped(sent, { success: true, error: nothing, message: expected }, 'the message');
  const { message } = await bobs.heard.once('chat:message');
  shaped(message, { ...expected, _id: sent.message._id }, 'what Bob hears');
  shaped((await history(bob, conversationId)).messages[0], { ...expected, _id: message._id }, 'the history');
  const again = await alice.api('POST', '/messages', { conversationId, text: 'again', mediaUrl: media.mediaUrl, mediaType: 'video/mp4' });
  shaped(again.body, { messageType: 'image', mediaType: 'image/png', createdAt: time }, 'a message that says that its picture is a film');
  const theft = await ask(bobs, 'chat:send', { conversationId, text: 'mine', mediaUrl: media.mediaUrl });
  check(words(theft.error), () => `a message with the upload of another was answered ${quote(theft)}`);

  doing('an <img> on a page: the cookie goes along');
  const seen = async ({ page }, address) => {
    const answer = await page.fetch(address.slice(base.length));
    return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  for (const one of [alice, bob]) {
    const whole = await seen(one, message.mediaUrl);
    check(whole.status === 200 && whole.bytes.equals(picture), () => `${one.name} was answered ${whole.status} ${quote(whole.bytes.toString().slice(0, 200))}`);
    same([(await seen(one, message.thumbnailUrl)).type], ['image/png'], 'the thumbnail');
  }
  same((await seen(eve, message.mediaUrl)).status, 404, 'what a stranger is answered');
  same((await fetch(new URL(message.mediaUrl.slice(base.length), url[0]))).status, 401, 'what nobody in particular is answered');

  doing('deleting it for everyone');
  for (const { _id } of [message, again.body]) await alice.api('DELETE', `/messages/${_id}`);
  same((await seen(bob, message.mediaUrl)).status, 404, 'what Bob is answered then');
});
