// One room as this window knows it: its messages by seq, each once, and those still on their way out.
// Pure: no network, no screen.

export class Room {
  /** Ascending by seq. Without holes up to `complete`; beyond it there may be some until they are filled. */
  messages = [];
  /** The last seq up to which `messages` has no hole. */
  complete = 0;
  /** Whether history was read at all: until then `messages` stays empty. */
  loaded = false;
  hasEarlier = false;
  /** Own messages without an answer yet, in sending order: {clientMessageId, content, createdAt, failure?}. */
  outgoing = [];
  /** Who is typing, with the timer that forgets it. */
  typing = new Map();
  /** How far the others have read: user id to seq. */
  readBy = new Map();

  constructor(summary, me) {
    this.id = summary.id;
    this.me = me;
    this.lastSeq = 0;
    this.readSeq = 0;
    this.update(summary);
  }

  /** Takes over what the server says of the room. Numbers only grow, so a late answer does no harm. */
  update({ name, isGroup, memberIds, memberCount, createdAt, lastSeq = 0, readSeq = 0, lastMessage }) {
    Object.assign(this, { name, isGroup, memberIds, memberCount, createdAt });
    if (lastMessage && lastMessage.seq >= this.lastSeq) this.lastMessage = lastMessage;
    this.lastSeq = Math.max(this.lastSeq, lastSeq);
    this.readSeq = Math.max(this.readSeq, readSeq);
  }

  get unread() {
    return this.lastSeq - this.readSeq;
  }

  get activeAt() {
    return this.outgoing.at(-1)?.createdAt ?? this.lastMessage?.createdAt ?? this.createdAt ?? '';
  }

  /** Takes a message in, from wherever it comes. Answers whether it was new. */
  receive(message) {
    if (message.from === this.me) this.settle(message.clientMessageId);
    if (message.seq > this.lastSeq || !this.lastMessage) this.lastMessage = message;
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    return this.loaded && this.#insert(message);
  }

  /** An own message is on its way no more. */
  settle(clientMessageId) {
    this.outgoing = this.outgoing.filter((message) => message.clientMessageId !== clientMessageId);
  }

  /** Takes in the newest page of history. */
  begin(messages, hasEarlier) {
    this.messages = [];
    this.loaded = true;
    this.hasEarlier = hasEarlier;
    this.complete = messages[0] ? messages[0].seq - 1 : 0;
    messages.forEach((message) => this.receive(message));
  }

  /** Takes in the page before the first message. */
  prepend(messages, hasEarlier) {
    this.hasEarlier = hasEarlier;
    messages.forEach((message) => this.receive(message));
  }

  get isMissingSome() {
    return this.loaded && this.complete < this.lastSeq;
  }

  #insert(message) {
    let at = this.messages.length;
    while (at > 0 && this.messages[at - 1].seq > message.seq) at -= 1;
    if (this.messages[at - 1]?.seq === message.seq) return false;
    this.messages.splice(at, 0, message);
    const first = this.messages[0].seq;
    while (this.messages[this.complete + 1 - first]?.seq === this.complete + 1) this.complete += 1;
    return true;
  }
}
