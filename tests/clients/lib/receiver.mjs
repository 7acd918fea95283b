// What one socket received, held against the rule: per room seq 1, 2, 3, ..., each once, in order.

import { isDeepStrictEqual } from 'node:util';
import { check, quote } from './scenario.mjs';
import { until } from './wait.mjs';

/** The one truth of a run: what each message is, whoever says so first. Everybody else has to agree. */
export class Truth {
  #messages = new Map();

  agree(message, source) {
    const key = `${message.roomId} ${message.seq}`;
    const known = this.#messages.get(key);
    if (!known) this.#messages.set(key, message);
    else check(isDeepStrictEqual(known, message), () => `${source} says ${quote(message)}, but it was ${quote(known)}`);
  }
}

export class Receiver {
  /** Per room, the last seq received. */
  #last = new Map();
  #mistakes = [];
  /** Why the socket lost its connection, each time. */
  #losses = [];
  count = 0;

  /** `name` is how mistakes call it. To be attached before the socket connects. */
  constructor(name, truth = new Truth()) {
    this.name = name;
    this.truth = truth;
  }

  attach(socket) {
    socket.on('message:receive', (message) => this.#take(message));
    socket.on('disconnect', (reason) => this.#losses.push(reason));
    socket.on('error', (error) => this.#mistakes.push(`${this.name} got an error event: ${quote(error)}`));
    return this;
  }

  #take(message) {
    this.count += 1;
    const last = this.#last.get(message.roomId) ?? 0;
    if (message.seq !== last + 1) {
      const what = message.seq <= last ? 'again' : 'too early';
      this.#mistakes.push(`${this.name} got seq ${message.seq} after ${last} (${what}) in room ${message.roomId}; connections lost: ${quote(this.#losses)}`);
    }
    this.#last.set(message.roomId, Math.max(last, message.seq));
    try {
      this.truth.agree(message, this.name);
    } catch (error) {
      this.#mistakes.push(error.message);
    }
  }

  last(roomId) {
    return this.#last.get(roomId) ?? 0;
  }

  /** Throws the first thing that went wrong. */
  check() {
    check(this.#mistakes.length === 0, () => `${this.#mistakes.length} mistakes, the first: ${this.#mistakes[0]}`);
  }

  /** Waits until `seq` of a room has come; `got` then says that all before it came once and in order. */
  async got(roomId, seq, patienceMs) {
    await until(() => {
      this.check();
      return this.last(roomId) >= seq;
    }, () => `${this.name} to get seq ${seq} of room ${roomId}, it has ${this.last(roomId)}`, patienceMs);
    check(this.last(roomId) === seq, () => `${this.name} got seq ${this.last(roomId)} of room ${roomId}, where ${seq} is the last`);
  }
}
