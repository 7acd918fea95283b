// Payloads above the limit: the transport is closed or answers 413, and the client comes back.

import { check } from '../lib/scenario.mjs';
import { openPolling, openWebSocket, poll } from '../lib/raw.mjs';
import { connect } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';

export async function checkPayloads({ url, mallory, attack }) {
  const { maxPayload } = await openPolling(url);
  check(maxPayload > 0, 'the handshake does not say maxPayload');
  const huge = 'x'.repeat(2 * maxPayload);

  await attack('an oversized event of the stock client over websocket', async () => {
    const reasons = [];
    const socket = await connect(mallory, { url, transports: 'websocket', prepare: (one) => one.on('disconnect', (reason) => reasons.push(reason)) });
    socket.emit('message:send', { content: huge });
    await until(() => reasons.length, 'the transport to be closed');
    check(/^transport (close|error)$/.test(reasons[0]), `the stock client says ${reasons[0]}, and would not come back`);
    await until(() => socket.connected, 'the client to come back');
    socket.disconnect();
  });

  await attack('an oversized event over websocket', async () => {
    const raw = await openWebSocket(url, mallory.token);
    raw.send(`42${JSON.stringify(['message:send', { content: huge }])}`);
    await until(() => raw.closed, 'the transport to be closed');
  });

  await attack('an oversized binary frame over websocket', async () => {
    const raw = await openWebSocket(url, mallory.token);
    raw.send(Buffer.alloc(2 * maxPayload));
    await until(() => raw.closed, 'the transport to be closed');
  });

  await attack('an oversized body over polling', async () => {
    const { sid } = await openPolling(url, mallory.token);
    const { status } = await poll(url, { sid }, `42${JSON.stringify(['message:send', { content: huge }])}`);
    check(status === 413, `it was answered ${status}`);
  });

  await attack('many packets in one oversized body over polling', async () => {
    const { sid } = await openPolling(url, mallory.token);
    const packet = `42${JSON.stringify(['typing', {}])}`;
    const { status } = await poll(url, { sid }, Array(Math.ceil((2 * maxPayload) / packet.length)).fill(packet).join('\x1e'));
    check(status === 413, `it was answered ${status}`);
  });

  await attack('an event that is nested 20,000 deep', async () => {
    const raw = await openWebSocket(url, mallory.token);
    raw.send(`427["message:send",{"content":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`);
    await until(() => raw.closed || raw.packets.some((packet) => String(packet).startsWith('437[{"ok":false')), 'a refusal');
    raw.close();
  });
}
