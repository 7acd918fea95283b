// Seed 001: pictures in messages. Wants the media service.
//
//   node chatspace/upload.mjs --url http://127.0.0.1:8080 [--prefix ""] [--uploads on|off]

import { check, doing, quote, scenario } from '../lib/scenario.mjs';
import { same, shaped, words } from '../lib/shape.mjs';
import { ears, FAILURE, member, MESSAGE } from './people.mjs';

/** The smallest PNG: one pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

await scenario({ url: undefined, prefix: '/chatspace', uploads: 'on' }, async ({ url, prefix, uploads }) => {
  const [alice, bob] = await Promise.all([member('alice', url[0], prefix), member('bob', url.at(-1), prefix)]);
  const send = async (fields) => {
    const form = new FormData();
    Object.entries(fields).forEach(([name, [value, file]]) => (file ? form.set(name, value, file) : form.set(name, value)));
    const headers = { authorization: `Bearer ${alice.token}` };
    const answer = await fetch(`${alice.server}/api/messages/send/${bob.id}`, { method: 'POST', headers, body: form });
    return { status: answer.status, body: await answer.json() };
  };
  const image = [new Blob([PNG], { type: 'image/png' }), 'dot.png'];

  doing('multipart without a picture');
  const plain = await send({ text: ['only words'] });
  shaped(plain, { status: 201, body: { success: true, newMessage: { ...MESSAGE, text: 'only words', image: '' } } }, 'a message without a picture');

  if (uploads === 'off') {
    doing('"Image uploads are disabled by AVC"');
    const answer = await send({ text: ['look'], image });
    shaped(answer, { status: 403, body: FAILURE }, 'a picture, with uploads switched off');
    same(answer.body.message, 'Image uploads are disabled by AVC', 'the refusal');
    return;
  }

  doing('Hybrid Message Support: handles both text and image messages');
  for (const fields of [{ text: ['look'], image }, { image }]) {
    const { status, body } = await send(fields);
    shaped({ status, body }, { status: 201, body: { success: true, newMessage: { ...MESSAGE, image: words } } }, 'a message with a picture');
    const heard = await ears(bob).once('newMessage', ({ _id }) => _id === body.newMessage._id);
    shaped(heard, { ...MESSAGE, image: body.newMessage.image, text: fields.text ? 'look' : '' }, 'newMessage');
    const shown = await fetch(new URL(heard.image, url.at(-1)));
    check(shown.ok && Buffer.from(await shown.arrayBuffer()).equals(PNG), () => `${quote(heard.image)} was answered ${shown.status}`);
  }
  const nothing = await send({});
  same([nothing.status, nothing.body.message], [400, 'Either text or image is required'], 'neither');
});
