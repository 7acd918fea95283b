// Own messages that have no answer yet: kept over a reload of the window, and sent until they have one.

import { backoff, delay } from '/backoff.js';

const KEY = 'confab.outbox';
// What trying again cannot cure.
const FINAL = /INVALID|NOT_FOUND|FORBIDDEN|TOO_LARGE|UNKNOWN/;

// Not randomUUID(): browsers have that on HTTPS and localhost only.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export class Outbox {
  #rooms;
  #link;
  #sending = new Set();
  #isRestored = false;

  /** `link` is `{isConnected(), ask(event, payload), received(message), changed()}`. */
  constructor(rooms, link) {
    this.#rooms = rooms;
    this.#link = link;
  }

  add(room, content) {
    room.outgoing.push({ clientMessageId: newId(), content, createdAt: new Date().toISOString() });
    this.save();
    this.#link.changed();
    this.send(room);
  }

  retry(room, message) {
    delete message.failure;
    this.#link.changed();
    this.send(room);
  }

  discard(room, message) {
    room.settle(message.clientMessageId);
    this.save();
    this.#link.changed();
  }

  /** Sends what a room has outgoing, one at a time and so in order, until there is none or no connection. */
  async send(room) {
    if (this.#sending.has(room.id)) return;
    this.#sending.add(room.id);
    const next = () => this.#link.isConnected() && room.outgoing.find((message) => !message.failure);
    for (let message = next(), attempt = 0; message; message = next()) {
      const { clientMessageId, content } = message;
      // A lost answer is no harm: the same clientMessageId is the same message, however often it is sent.
      const answer = await this.#link.ask('message:send', { roomId: room.id, content, clientMessageId }).catch(() => undefined);
      if (answer?.ok) {
        attempt = 0;
        await this.#link.received(answer.message);
      } else if (answer && FINAL.test(answer.error.code)) {
        message.failure = answer.error.message;
        this.#link.changed();
      } else if (answer) {
        await delay(answer.error.retryAfterMs ?? backoff(attempt));
        attempt += 1;
      }
    }
    this.#sending.delete(room.id);
  }

  /** After each connect: goes on with what is left, the first time also from before a reload. */
  resume() {
    if (!this.#isRestored) {
      this.#isRestored = true;
      for (const { roomId, ...message } of JSON.parse(sessionStorage.getItem(KEY) ?? '[]')) {
        this.#rooms.get(roomId)?.outgoing.push(message);
      }
    }
    this.#rooms.forEach((room) => this.send(room));
  }

  save() {
    const kept = [...this.#rooms.values()].flatMap((room) => room.outgoing.map((message) => ({ ...message, roomId: room.id })));
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  }
}
