// The Socket.IO side of a client: the stock library, one connection per socket as in as many browsers.

import { io } from 'socket.io-client';
import { watch } from './contract.mjs';
import { check, quote } from './scenario.mjs';
import { insist, until } from './wait.mjs';

const READY_TIMEOUT_MS = 30_000;
const ACK_TIMEOUT_MS = 30_000;

const TRANSPORTS = { default: undefined, polling: ['polling'], websocket: ['websocket'] };

/** A socket that has not connected yet. `transports` is `default`, `polling` or `websocket`. */
export function socketOf(url, auth, { transports = 'default', ...options } = {}) {
  check(transports in TRANSPORTS, `--transports takes ${Object.keys(TRANSPORTS)}, not ${transports}`);
  return watch(io(url, {
    auth,
    forceNew: true,
    autoConnect: false,
    ...(TRANSPORTS[transports] && { transports: TRANSPORTS[transports] }),
    ...options,
  }));
}

/**
 * A socket of `user` that has had its `ready`, which is kept as `socket.snapshot`.
 * `prepare(socket)` runs before it connects, so that no event is missed.
 */
export async function connect(user, { url = user.url, prepare = () => {}, ...options } = {}) {
  const socket = socketOf(url, { token: user.token }, options);
  prepare(socket);
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ready for ${user.username} within ${READY_TIMEOUT_MS} ms`)), READY_TIMEOUT_MS);
    socket.once('ready', (snapshot) => {
      clearTimeout(timer);
      socket.snapshot = snapshot;
      resolve();
    });
    socket.on('connect_error', (error) => {
      // The library goes on by itself, unless the server refused.
      if (!socket.active) reject(new Error(`${user.username} was refused: ${error.message}`));
    });
    socket.connect();
  });
  return socket;
}

/** Sends an event and answers its ack, be it good or bad. */
export function ask(socket, event, payload) {
  return socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
}

/** When to ask again, if the answer is one of these refusals. */
const againAfter = (codes) => (answer) => (codes.includes(answer?.error?.code) ? answer.error.retryAfterMs : undefined);

/** As `ask`; while nobody knows who is online, it is asked again when the answer says, as a client would do. */
export function askKnown(socket, event, payload) {
  return insist(() => ask(socket, event, payload), againAfter(['PRESENCE_UNKNOWN']), ACK_TIMEOUT_MS);
}

/** The cluster, or this socket, has too much to do. */
const TOO_MUCH = ['OVERLOADED', 'TOO_MANY_IN_FLIGHT'];

/**
 * Sends a message that has to be taken; answers it as the server stored it. A cluster that shares its machine with many
 * others may have too much to do, and then says when to come again, as to any application.
 */
export async function send(socket, payload) {
  const answer = await insist(() => ask(socket, 'message:send', payload), againAfter(TOO_MUCH), ACK_TIMEOUT_MS);
  check(answer?.ok === true && answer.message, () => `message:send was answered ${quote(answer)}`);
  return answer.message;
}

export const transportOf = (socket) => socket.io.engine?.transport?.name;

/** Waits until the stock client has moved from long-polling to WebSocket. */
export const upgraded = (socket) => until(() => transportOf(socket) === 'websocket', () => `the upgrade to websocket, still on ${transportOf(socket)}`);
