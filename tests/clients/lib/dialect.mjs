// What the clients of all dialects need: people, what a socket hears, and how a socket is turned away.

import { randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { check, quote } from './scenario.mjs';
import { until } from './wait.mjs';

const PATIENCE_MS = 30_000;

/** Somebody with names and an address that nobody else has. */
export function person(name) {
  const unique = `${name}-${randomBytes(5).toString('hex')}`;
  return { name, userName: unique, email: `${unique}@example.org`, password: 'correct horse battery staple' };
}

export const nobody = () => randomBytes(12).toString('hex');

/** Everything that one socket hears, from before it connects, also over reconnections. */
export class Heard {
  #events = [];

  constructor(name, socket) {
    this.name = name;
    this.socket = socket;
    socket.onAny((event, ...args) => this.#events.push({ event, args }));
  }

  /** The payloads of an event, in their order. */
  of(event, matches = () => true) {
    return this.#events.filter((one) => one.event === event).map(({ args }) => args[0]).filter((payload) => matches(payload));
  }

  get all() {
    return this.#events;
  }

  /** Waits until an event has come `times` times, and says so if it came more often. */
  async times(times, event, matches) {
    await until(() => this.of(event, matches).length >= times, () => `${this.name} to hear ${event} ${times} times, it heard ${quote(this.#events)}`);
    return this.exactly(times, event, matches);
  }

  async once(event, matches) {
    return (await this.times(1, event, matches))[0];
  }

  /** Without waiting: to be asked when something later has already come. */
  exactly(times, event, matches) {
    const found = this.of(event, matches);
    check(found.length === times, () => `${this.name} heard ${event} ${found.length} times instead of ${times}: ${quote(found)}`);
    return found;
  }
}

/** A socket with the stock client's defaults; `heard` has everything it is told. */
export async function open(name, url, options, prepare = () => {}) {
  const socket = io(url, options);
  const heard = new Heard(name, socket);
  prepare(socket);
  await until(() => {
    check(socket.connected || socket.active, `${name} was refused`);
    return socket.connected;
  }, `${name} to connect`, PATIENCE_MS);
  return Object.assign(socket, { heard });
}

/** What a socket that is not let in is told. */
export async function refusal(url, options) {
  const socket = io(url, options);
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${quote(options)}`)), PATIENCE_MS);
      const settle = (done, value) => {
        clearTimeout(timer);
        done(value);
      };
      socket.on('connect', () => settle(reject, new Error(`a socket was let in with ${quote(options)}`)));
      // The library goes on by itself where it is only the network.
      socket.on('connect_error', ({ message }) => socket.active || settle(resolve, message));
    });
  } finally {
    socket.disconnect();
  }
}

/** Loses the network of a socket, and waits until the stock client is back. */
export async function cutOff(socket) {
  const before = socket.id;
  socket.io.engine.close();
  await until(() => socket.connected && socket.id !== before, 'the socket to come back', PATIENCE_MS);
}
