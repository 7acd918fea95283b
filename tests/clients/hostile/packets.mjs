// Malformed Engine.IO and Socket.IO packets, by hand: the transport may be closed, the gateway may not.

import { check, quote } from '../lib/scenario.mjs';
import { openPolling, openWebSocket, poll } from '../lib/raw.mjs';
import { until } from '../lib/wait.mjs';

const MALFORMED = {
  'an unknown Engine.IO packet': '9',
  'an empty packet': '',
  'an unknown Socket.IO packet': '4z',
  'no Socket.IO packet': '4',
  'an event that is not JSON': '42[not json',
  'an event cut short': '42["message:send",{"roomId":',
  'an event that is an object': '42{"a":1}',
  'an event without a name': '42[]',
  'an event with a number as name': '42[7,{}]',
  'an event with a forbidden name': '42["disconnect"]',
  'a huge ack id': '42999999999999999999999999["typing",{}]',
  'a negative ack id': '42-1["typing",{}]',
  'an ack nobody asked for': '4399["hello"]',
  'a binary event without its attachment': '451-["message:send",{"content":{"_placeholder":true,"num":0}}]',
  'a binary event with a huge count': '459999999999-["message:send",{}]',
  'a second connect': '40{"token":"garbage"}',
  'a connect to an unknown namespace': '40/nowhere,{}',
  'an event in an unknown namespace': '42/nowhere,["typing",{}]',
  'text that is not a packet': 'GET / HTTP/1.1',
  'control characters': '42["\u0000\u0001",{}]',
  'half a surrogate': '42["message:send",{"content":"\\ud800"}]',
};

/** Either the transport ends, or the connection still answers a proper event. */
async function closedOrAlive(raw, name) {
  const before = raw.packets.length;
  if (!raw.closed && raw.socket.readyState === raw.socket.OPEN) raw.send('421234["typing",{}]');
  await until(() => raw.closed || raw.packets.slice(before).some((packet) => String(packet).startsWith('431234')), `an end or an answer after ${name}`);
  const how = raw.closed ? 'closed' : 'answered';
  raw.close();
  return how;
}

export async function checkPackets({ url, mallory, attack }) {
  for (const [name, packet] of Object.entries(MALFORMED)) {
    await attack(`${name} over websocket`, async () => {
      const raw = await openWebSocket(url, mallory.token);
      check(!raw.closed, () => `could not connect: ${quote(raw.closed)}`);
      raw.send(packet);
      await closedOrAlive(raw, name);
    });
    await attack(`${name} over polling`, async () => {
      const { sid } = await openPolling(url, mallory.token);
      const { status } = await poll(url, { sid }, packet);
      check(status === 200 || (status >= 400 && status < 500), `it was answered ${status}`);
    });
  }

  await attack('bytes out of the blue', async () => {
    const raw = await openWebSocket(url, mallory.token);
    raw.send(Buffer.from([0xff, 0x00, 0x34, 0x32]));
    await closedOrAlive(raw, 'bytes out of the blue');
  });
  await attack('an event before the connect', async () => {
    const raw = await openWebSocket(url);
    raw.send('427["message:send",{"content":"early"}]');
    raw.send(`40${JSON.stringify({ token: 'garbage' })}`);
    await until(() => raw.closed || raw.packets.some((packet) => String(packet).startsWith('44')), 'a refusal');
    check(!raw.packets.some((packet) => /^4[23]/.test(packet)), () => `it was answered: ${raw.packets}`);
    raw.close();
  });
  await attack('a websocket that is cut in the middle of a packet', async () => {
    const raw = await openWebSocket(url, mallory.token);
    raw.socket.send('42["message:send",{"conte', { fin: false });
    raw.close();
    await until(() => raw.closed, 'the end');
  });

  const requests = {
    'another Engine.IO version': { EIO: '99' },
    'an old Engine.IO version': { EIO: '3' },
    'an unknown transport': { transport: 'pigeon' },
    'an unknown session': { sid: 'nobody-knows-me' },
    'a session id with a line break': { sid: 'a\r\nX-Evil: 1' },
    'a very long session id': { sid: 'x'.repeat(5_000) },
  };
  for (const [name, query] of Object.entries(requests)) {
    await attack(name, async () => {
      const { status } = await poll(url, query);
      check(status >= 400 && status < 500, `it was answered ${status}`);
    });
  }
  await attack('a websocket for an unknown session', async () => {
    const raw = await openWebSocket(url, undefined, { sid: 'nobody-knows-me' });
    check(raw.closed, 'it was let in');
  });
  await attack('two polls of one session at once', async () => {
    const { sid } = await openPolling(url, mallory.token);
    // One of them may wait for something to be said.
    const { status } = await Promise.race([poll(url, { sid }), poll(url, { sid })]);
    check(status < 500, `one was answered ${status}`);
  });
}
