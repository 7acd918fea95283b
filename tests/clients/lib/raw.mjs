// Engine.IO version 4 by hand, for packets that the stock client would never send.

import WebSocket from 'ws';
import { until } from './wait.mjs';

const TIMEOUT_MS = 10_000;
const PATH = '/socket.io/';

/** A long-polling request; answers `{status, text}`. */
export async function poll(url, query, body) {
  const response = await fetch(`${url}${PATH}?${new URLSearchParams({ EIO: '4', transport: 'polling', ...query })}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'text/plain;charset=UTF-8' },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, text: await response.text() };
}

/** Opens an Engine.IO session over long-polling; with a token also the Socket.IO connection. */
export async function openPolling(url, token) {
  const opened = await poll(url, {});
  const handshake = JSON.parse(opened.text.slice(1));
  const sid = handshake.sid;
  if (token) {
    await poll(url, { sid }, `40${JSON.stringify({ token })}`);
    await poll(url, { sid });
  }
  return { ...handshake, sid };
}

/** Opens a WebSocket as Engine.IO does; `packets` are the texts that came, `closed` is set when it ends. */
export async function openWebSocket(url, token, query = {}) {
  const address = `${url.replace(/^http/, 'ws')}${PATH}?${new URLSearchParams({ EIO: '4', transport: 'websocket', ...query })}`;
  const socket = new WebSocket(address, { perMessageDeflate: false, handshakeTimeout: TIMEOUT_MS });
  const raw = { socket, packets: [], closed: undefined, send: (packet) => socket.send(packet), close: () => socket.terminate() };
  socket.on('message', (data, isBinary) => {
    raw.packets.push(isBinary ? data : data.toString());
    // Engine.IO's own goodbye; the WebSocket's may take longer.
    if (raw.packets.at(-1) === '1') raw.closed ??= { packet: 'close' };
  });
  socket.on('close', (code) => { raw.closed ??= { code }; });
  socket.on('error', (error) => { raw.closed ??= { error: error.message }; });
  await until(() => raw.packets.length || raw.closed, 'the Engine.IO handshake', TIMEOUT_MS);
  if (token && !raw.closed) {
    raw.send(`40${JSON.stringify({ token })}`);
    await until(() => raw.closed || raw.packets.some((packet) => String(packet).startsWith('42["ready"')), 'ready', TIMEOUT_MS);
  }
  return raw;
}
