// Uploads that nobody shows, or that broke off: their bytes are to be gone soon; those that are shown are to stay.
//
//   node orphans.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401
//
// The gateways sweep every second, and nothing may stay for longer than ten that nothing refers to.

import { connect as dial } from 'node:net';
import { film, get, png, upload } from './lib/media.mjs';
import { ask as rest, createGroup, signUp } from './lib/rest.mjs';
import { check, doing, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined, deadline: 120 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  const [alice, bob] = await Promise.all([signUp(here, 'alice'), signUp(there, 'bob')]);
  const room = await createGroup(alice, [bob]);
  const socket = await connect(alice);

  doing('uploading what is shown');
  const shown = await upload(alice, png(1200, 600));
  await send(socket, { roomId: room.id, attachments: [{ mediaId: shown.id }] });
  const deleted = await upload(alice, png(1200, 600));
  const message = await send(socket, { roomId: room.id, attachments: [{ mediaId: deleted.id }] });

  doing('uploading what is not');
  const lost = await upload(bob, png(1200, 600));
  await rest(here, 'POST', '/api/media/direct', { token: bob.token, body: { size: 100 } });
  const came = await rest(here, 'POST', '/api/media/direct', { token: bob.token, body: { size: 100 } });
  check((await fetch(new URL(came.upload.url, here), { method: 'PUT', body: film(100) })).status === 200, 'a direct upload was not taken');
  const { hostname, port } = new URL(there);
  const raw = dial(Number(port), hostname);
  raw.write(`POST /api/media HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bob.token}\r\ncontent-length: 9000000\r\n\r\n`);
  // More than one part, so that some of it is stored when the client goes.
  await new Promise((sent) => raw.write(film(7_000_000), sent));
  raw.destroy();

  doing('deleting what was shown');
  await rest(here, 'DELETE', `/api/messages/${message.id}?for=everyone`, { token: alice.token });
  for (const [user, { url: path }] of [[bob, lost], [alice, deleted]]) {
    await until(async () => (await get(user, path)).status === 404, `${path} is gone for its owner`, 60_000);
  }
  for (const gateway of url) check((await get(bob, shown.url, { url: gateway })).status === 200, 'what is shown is gone');
  return { shown: shown.id };
});
