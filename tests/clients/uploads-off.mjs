// Uploads that are switched off: refused with a word that says so, and nothing else is.
//
//   node uploads-off.mjs --url http://127.0.0.1:7400

import { png, tryUpload } from './lib/media.mjs';
import { ask as rest, createGroup, request, signUp } from './lib/rest.mjs';
import { check, quote, scenario } from './lib/scenario.mjs';

await scenario({ url: undefined }, async ({ url: [url] }) => {
  const [alice, bob] = await Promise.all([signUp(url, 'alice'), signUp(url, 'bob')]);
  const form = new FormData();
  form.append('file', new Blob([png(10, 10)]), 'cat.png');
  const announced = request(url, 'POST', '/api/media/direct', { token: alice.token, body: { size: 10 } });
  for (const answer of await Promise.all([tryUpload(alice, png(10, 10)), tryUpload(alice, form), announced])) {
    check(answer.status === 403 && answer.body.code === 'UPLOADS_OFF', () => `an upload was answered ${answer.status} ${quote(answer.body)}`);
  }
  const room = await createGroup(alice, [bob]);
  const body = { attachments: [{ url: 'https://example.org/cat.png', mimeType: 'image/png' }] };
  const sent = await rest(url, 'POST', `/api/rooms/${room.id}/messages`, { token: alice.token, body });
  check(sent.type === 'image', () => `the message is ${quote(sent)}`);
  const gone = await request(url, 'GET', `/api/media/${'f'.repeat(24)}`, { token: alice.token });
  check(gone.status === 404 && gone.body.code === 'MEDIA_NOT_FOUND', () => `an upload that is not there was answered ${quote(gone)}`);
  return {};
});
