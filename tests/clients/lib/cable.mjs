// A network cable between a client and a gateway, to be pulled out and put back.

import { connect, createServer } from 'node:net';
import { once } from 'node:events';

export async function plugIn(url) {
  const { hostname, port } = new URL(url);
  const ends = new Set();
  let isOut = false;
  const server = createServer((near) => {
    if (isOut) return near.destroy();
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    pullOut() {
      isOut = true;
      ends.forEach((end) => end.destroy());
    },
    putBack() {
      isOut = false;
    },
  };
}
