// The account of a run under fault: what was acknowledged, and what each socket received of it, once and in order or not.

const MISTAKES_KEPT = 20;

export class Ledger {
  sent = 0;
  retries = 0;
  reconnects = 0;
  /** Per room: seq to client message id, as it was acknowledged. */
  #acked = new Map();
  /** Per room: seq to the time of its acknowledgement. */
  #ackedAt = new Map();
  /** Per user and room: what has come so far. */
  #books = new Map();
  #heads = new Map();
  #lastAckAt = performance.now();
  #counts = { acked: 0, delivered: 0, lost: 0, doubled: 0, outOfOrder: 0, longestSilenceMs: 0, longestDeliveryMs: 0 };
  #mistakes = [];

  mistake(sentence) {
    if (this.#mistakes.length < MISTAKES_KEPT) this.#mistakes.push(sentence);
  }

  acked({ roomId, seq, clientMessageId }) {
    const now = performance.now();
    this.#counts.longestSilenceMs = Math.max(this.#counts.longestSilenceMs, Math.round(now - this.#lastAckAt));
    this.#lastAckAt = now;
    const room = this.#of(this.#acked, roomId);
    if (room.has(seq)) {
      this.#counts.doubled += 1;
      this.mistake(`seq ${seq} of ${roomId} was acknowledged to ${room.get(seq)} and to ${clientMessageId}`);
    }
    room.set(seq, clientMessageId);
    this.#of(this.#ackedAt, roomId).set(seq, now);
    this.#counts.acked += 1;
    this.#heads.set(roomId, Math.max(this.head(roomId), seq));
  }

  received(userId, { roomId, seq }) {
    this.#counts.delivered += 1;
    const book = this.#book(userId, roomId);
    if (book.missing.delete(seq)) {
      this.#counts.outOfOrder += 1;
      this.mistake(`${userId} got seq ${seq} of ${roomId} after ${book.last}`);
    } else if (seq <= book.last) {
      this.#counts.doubled += 1;
      this.mistake(`${userId} got seq ${seq} of ${roomId} again, after ${book.last}`);
    } else {
      for (let gap = book.last + 1; gap < seq; gap += 1) book.missing.add(gap);
      book.last = seq;
    }
    const ackedAt = this.#of(this.#ackedAt, roomId).get(seq);
    if (ackedAt !== undefined) {
      this.#counts.longestDeliveryMs = Math.max(this.#counts.longestDeliveryMs, Math.round(performance.now() - ackedAt));
    }
  }

  /** The last seq that a user received. */
  last(userId, roomId) {
    return this.#book(userId, roomId).last;
  }

  /** The last seq that was acknowledged. */
  head(roomId) {
    return this.#heads.get(roomId) ?? 0;
  }

  /** Holds a room's history against what was acknowledged. */
  compare(roomId, messages) {
    const ids = new Set();
    messages.forEach(({ seq, clientMessageId }, index) => {
      if (seq !== index + 1) this.mistake(`the history of ${roomId} has seq ${seq} where ${index + 1} belongs`);
      if (ids.has(clientMessageId)) {
        this.#counts.doubled += 1;
        this.mistake(`${clientMessageId} is in the history of ${roomId} twice`);
      }
      ids.add(clientMessageId);
    });
    for (const [seq, clientMessageId] of this.#of(this.#acked, roomId)) {
      if (messages[seq - 1]?.clientMessageId !== clientMessageId) {
        this.#counts.lost += 1;
        this.mistake(`${clientMessageId} was acknowledged as seq ${seq} of ${roomId}, which the history does not have`);
      }
    }
    this.#heads.set(roomId, messages.length);
  }

  /** Nothing more will come to this user. */
  close(user, roomId) {
    const book = this.#book(user.id, roomId);
    const lost = book.missing.size + Math.max(0, this.head(roomId) - book.last);
    if (lost > 0) {
      this.#counts.lost += lost;
      this.mistake(`${user.username} has ${book.last} of ${this.head(roomId)} messages of ${roomId}, and ${book.missing.size} holes`);
    }
  }

  get outcome() {
    return { ...this.#counts, retries: this.retries, reconnects: this.reconnects, mistakes: this.#mistakes };
  }

  #book(userId, roomId) {
    const key = `${userId} ${roomId}`;
    if (!this.#books.has(key)) this.#books.set(key, { last: 0, missing: new Set() });
    return this.#books.get(key);
  }

  #of(map, roomId) {
    if (!map.has(roomId)) map.set(roomId, new Map());
    return map.get(roomId);
  }
}
