// Seed 000, section 5: `POST /api/messages/upload`, and a message with what was uploaded. Wants the media service.
//
//   node social/upload.mjs --url http://127.0.0.1:8080 [--prefix ""]

import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { shaped, words } from '../lib/shape.mjs';
import { ask } from '../lib/socket.mjs';
import { joined, member, pair, tab } from './people.mjs';

/** The smallest PNG: one pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

await scenario({ url: undefined, prefix: '/social' }, async ({ url, prefix }) => {
  const [alice, bob] = await Promise.all([member('alice', url[0], prefix), member('bob', url.at(-1), prefix)]);
  const { _id: conversationId } = await pair(alice, bob);
  const [alices, bobs] = await Promise.all([tab('Alice', alice), tab('Bob', bob)]);
  await Promise.all([alices, bobs].map((socket) => joined(socket, conversationId)));

  doing('POST /api/messages/upload: Upload media file');
  const upload = (form) => alice.page.fetch(`${prefix}/api/messages/upload`, { method: 'POST', body: form });
  const form = new FormData();
  form.set('file', new Blob([PNG], { type: 'image/png' }), 'dot.png');
  const answer = await upload(form);
  check([200, 201].includes(answer.status), () => `uploading was answered ${answer.status}`);
  const media = shaped(await answer.json(), { mediaUrl: words, mediaType: 'image/png' }, 'the upload');
  const none = await upload(new FormData());
  check(none.status === 400, `uploading nothing was answered ${none.status}`);

  doing('a message with it');
  const sent = await ask(alices, 'chat:send', { conversationId, ...media, tempId: 'temp_image' });
  shaped(sent, { success: true, message: { messageType: 'image', mediaUrl: words, mediaType: 'image/png' } }, 'the message');
  const { message } = await bobs.heard.once('chat:message');
  const seen = await bob.page.fetch(new URL(message.mediaUrl, url.at(-1)).href.replace(url.at(-1), ''));
  check(seen.ok && Buffer.from(await seen.arrayBuffer()).equals(PNG), () => `${quote(message.mediaUrl)} was answered ${seen.status}`);
});
