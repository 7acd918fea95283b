// The live state of one signed-in window: rooms, people, presence, and the socket that keeps them current.
// Knows nothing of the screen; whoever shows it listens to `change`.

import { backoff, delay } from '/backoff.js';
import { Outbox } from '/outbox.js';
import { Room } from '/room.js';

const PAGE = 50;
const CATCH_UP_PAGE = 200;
// Someone who was away for longer starts again from the newest page.
const CATCH_UP_LIMIT = 1_000;
const ACK_TIMEOUT_MS = 10_000;
const READ_DELAY_MS = 300;
// When the server does not say after how long it may know who is online.
const UNKNOWN_RETRY_MS = 1_000;
const TYPING_REPEAT_MS = 3_000;
// A little more than the repeat: the typist may have closed the window without saying so.
const TYPING_FORGET_MS = 6_000;
const MAX_WATCHED = 500;
const FRAME_MS = 16;

export class Chat extends EventTarget {
  rooms = new Map();
  people = new Map();
  presence = new Map();
  /** connecting | online | offline | draining */
  connection = 'connecting';
  /** The room on the screen. */
  active = undefined;

  #socket;
  #announced = false;
  #closed = false;
  #refusals = 0;
  #catchingUp = new Map();
  #asked = new Set();
  #typingSentAt = 0;
  #readTimer;
  #outbox;

  constructor(session) {
    super();
    this.session = session;
    session.onEnd = () => this.close('Your session has ended. Please log in again.');
    this.me = session.user;
    this.people.set(this.me.id, this.me);
    this.#socket = window.io({
      // Called on every connect, so that a reconnect never comes with an expired token.
      auth: (answer) => session.token().then((token) => answer({ token }), () => answer({ token: session.accessToken })),
    });
    this.#outbox = new Outbox(this.rooms, {
      isConnected: () => this.#socket.connected,
      ask: (event, payload) => this.#ask(event, payload),
      received: (message) => this.#receive(message),
      changed: () => this.#changed(),
    });
    this.#listen(this.#socket);
  }

  // --- what the screen may ask for -----------------------------------------------------------------

  /** The rooms, the most recently active first. */
  get roomList() {
    return [...this.rooms.values()].sort((a, b) => (a.activeAt < b.activeAt ? 1 : -1));
  }

  /** The other one in a room of two. */
  peerOf(room) {
    return room.isGroup ? undefined : room.memberIds.find((id) => id !== this.me.id);
  }

  titleOf(room) {
    if (!room.isGroup) return this.nameOf(this.peerOf(room));
    return room.name || room.memberIds.filter((id) => id !== this.me.id).map((id) => this.nameOf(id)).join(', ');
  }

  nameOf(userId) {
    const person = this.#person(userId);
    return person ? person.displayName || person.username : '…';
  }

  async open(roomId) {
    if (this.active) this.typing(this.active, false);
    this.active = this.rooms.get(roomId);
    this.#changed();
    if (!this.active) return;
    const room = this.active;
    this.#watch(room.memberIds);
    await Promise.all([this.#load(room), this.#readCursors(room)]);
    this.markRead();
  }

  /** Reads the page before the first message that is known. */
  async loadEarlier(room) {
    if (!room.hasEarlier || room.loadingEarlier) return;
    room.loadingEarlier = true;
    this.#changed();
    try {
      const page = await this.#history(room, `before=${room.messages[0].seq}&limit=${PAGE}`);
      room.prepend(page.messages, page.hasMore);
    } finally {
      room.loadingEarlier = false;
      this.#changed();
    }
  }

  send(room, content) {
    this.#typingSentAt = 0;
    this.#outbox.add(room, content);
  }

  retry(room, message) {
    this.#outbox.retry(room, message);
  }

  discard(room, message) {
    this.#outbox.discard(room, message);
  }

  typing(room, isTyping) {
    if (!this.#socket.connected) return;
    const isNews = isTyping ? Date.now() - this.#typingSentAt > TYPING_REPEAT_MS : this.#typingSentAt > 0;
    if (!isNews) return;
    this.#typingSentAt = isTyping ? Date.now() : 0;
    this.#socket.emit('typing', { roomId: room.id, isTyping });
  }

  /** Tells the server how far the active room was read; the screen calls it while it is looked at. */
  markRead() {
    this.#readTimer ??= setTimeout(async () => {
      this.#readTimer = undefined;
      const room = this.active;
      if (!room?.loaded || !room.unread || document.hidden || !this.#socket.connected) return;
      const seq = room.lastSeq;
      const answer = await this.#ask('message:ack', { roomId: room.id, seq, status: 'read' }).catch(() => undefined);
      if (answer?.ok) this.#advance(room, this.me.id, seq);
    }, READ_DELAY_MS);
  }

  async search(query) {
    const { users } = await this.session.request('GET', `/api/users?query=${encodeURIComponent(query)}`);
    users.forEach((user) => this.#meet(user));
    return users.filter((user) => user.id !== this.me.id);
  }

  /** Creates a group, or gets the one room with another person. */
  async createRoom(wanted) {
    const summary = await this.session.request('POST', '/api/rooms', wanted);
    return this.#upsert(summary);
  }

  close(why) {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.disconnect();
    this.session.end();
    this.dispatchEvent(new CustomEvent('end', { detail: why }));
  }

  // --- the socket ----------------------------------------------------------------------------------

  #listen(socket) {
    socket.on('ready', ({ rooms }) => this.#ready(rooms));
    socket.on('message:receive', (message) => this.#receive(message));
    socket.on('message:status', ({ roomId, userId, readSeq }) => {
      const room = this.rooms.get(roomId);
      if (room) this.#advance(room, userId, readSeq);
    });
    socket.on('room:created', (summary) => {
      const room = this.#upsert(summary);
      this.#watch(room.isGroup ? [] : room.memberIds);
    });
    socket.on('typing', ({ roomId, userId, isTyping }) => this.#typist(this.rooms.get(roomId), userId, isTyping));
    socket.on('presence', (state) => this.#seen([state]));
    socket.on('error', ({ code, message }) => console.warn(`the server says: ${message} (${code})`));
    socket.on('session:revoked', () => this.close('Your session has ended. Please log in again.'));
    // A window that stays open: a newer token in the place of the old one, and nothing else changes.
    socket.on('session:expired', () => this.session.refresh()
      .then(() => this.#ask('session:renew', { token: this.session.accessToken }))
      .catch(() => {}));
    socket.on('server:draining', () => this.#connection('draining'));
    socket.on('disconnect', (reason) => {
      if (this.#closed) return;
      if (this.connection !== 'draining') this.#connection('offline');
      // The one reason after which the client library does not come back by itself.
      if (reason === 'io server disconnect') delay(backoff(0)).then(() => this.#closed || socket.connect());
    });
    socket.on('connect_error', (error) => {
      this.#connection('offline');
      if (!socket.active) this.#refused(error);
    });
  }

  /** The server answered, and said no: the library leaves what to do to us. */
  async #refused(error) {
    const attempt = this.#refusals;
    this.#refusals += 1;
    if (error.message === 'Authentication error') await this.session.refresh().catch(() => {});
    if (attempt > 0) await delay(backoff(attempt));
    if (!this.#closed) this.#socket.connect();
  }

  /** Every connect ends here: the server has subscribed this socket to everything, and says where it all stands. */
  #ready(summaries) {
    this.#refusals = 0;
    summaries.forEach((summary) => this.#upsert(summary));
    this.#connection('online');
    const people = [...this.rooms.values()].flatMap((room) => (room.isGroup && room !== this.active ? [] : room.memberIds));
    this.#watch(people);
    this.rooms.forEach((room) => this.#catchUp(room));
    this.#outbox.resume();
    this.markRead();
  }

  async #receive(message) {
    this.#meet(message.sender);
    const room = this.rooms.get(message.roomId) ?? await this.#fetchRoom(message.roomId);
    if (!room) return;
    room.receive(message);
    if (message.from === this.me.id) this.#outbox.save();
    this.#typist(room, message.from, false);
    this.#catchUp(room);
    if (room === this.active) this.markRead();
    this.#changed();
  }

  /** A message of a room that is not known yet: the room's own event was overtaken, or is on its way. */
  #fetchRoom(roomId) {
    return this.session.request('GET', `/api/rooms/${roomId}`).then((summary) => this.#upsert(summary), () => undefined);
  }

  #ask(event, payload) {
    return this.#socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
  }

  // --- history -------------------------------------------------------------------------------------

  async #history(room, query) {
    const page = await this.session.request('GET', `/api/rooms/${room.id}/messages?${query}`);
    page.messages.forEach(({ sender }) => this.#meet(sender));
    return page;
  }

  async #load(room) {
    if (!room.loaded) {
      const page = await this.#history(room, `limit=${PAGE}`);
      if (!room.loaded) room.begin(page.messages, page.hasMore);
    }
    await this.#catchUp(room);
    this.#changed();
  }

  /** Fills what is missing after the last message without a hole before it. */
  #catchUp(room) {
    if (!room.isMissingSome || this.#catchingUp.has(room.id)) return this.#catchingUp.get(room.id);
    const run = async () => {
      for (let attempt = 0; room.isMissingSome && this.rooms.has(room.id);) {
        const isFar = room.lastSeq - room.complete > CATCH_UP_LIMIT;
        const query = isFar ? `limit=${PAGE}` : `after=${room.complete}&limit=${CATCH_UP_PAGE}`;
        const page = await this.#history(room, query).catch(() => undefined);
        if (page && isFar) room.begin(page.messages, page.hasMore);
        else if (page) page.messages.forEach((message) => room.receive(message));
        this.#changed();
        if (!page || !page.messages.length) await delay(backoff(attempt));
        attempt += 1;
      }
    };
    const running = run().finally(() => this.#catchingUp.delete(room.id));
    this.#catchingUp.set(room.id, running);
    return running;
  }

  async #readCursors(room) {
    const { members } = await this.session.request('GET', `/api/rooms/${room.id}/members`);
    members.forEach(({ userId, readSeq }) => this.#advance(room, userId, readSeq));
  }

  #advance(room, userId, readSeq = 0) {
    if (userId === this.me.id) room.readSeq = Math.min(room.lastSeq, Math.max(room.readSeq, readSeq));
    else room.readBy.set(userId, Math.max(room.readBy.get(userId) ?? 0, readSeq));
    this.#changed();
  }

  // --- people --------------------------------------------------------------------------------------

  #person(userId) {
    if (!this.people.has(userId) && userId && !this.#asked.has(userId)) {
      this.#asked.add(userId);
      this.session.request('GET', `/api/users/${userId}`).then((user) => {
        this.#meet(user);
        this.#changed();
      }, () => this.#asked.delete(userId));
    }
    return this.people.get(userId);
  }

  /** Remembers a person, unless the server knew no more than an id. */
  #meet(person) {
    if (person.username) this.people.set(person.id, person);
  }

  async #watch(userIds) {
    const others = [...new Set(userIds)].filter((id) => id !== this.me.id).slice(0, MAX_WATCHED);
    if (!others.length || !this.#socket.connected) return;
    const answer = await this.#ask('presence:watch', { userIds: others }).catch(() => undefined);
    if (answer?.ok) this.#seen(answer.presences);
    else if (answer?.error.code === 'PRESENCE_UNKNOWN') {
      delay(answer.error.retryAfterMs ?? UNKNOWN_RETRY_MS).then(() => this.#closed || this.#watch(others));
    }
  }

  #seen(states) {
    states.forEach((state) => this.presence.set(state.userId, state));
    this.#changed();
  }

  #typist(room, userId, isTyping) {
    if (!room) return;
    clearTimeout(room.typing.get(userId));
    room.typing.delete(userId);
    if (isTyping) room.typing.set(userId, setTimeout(() => this.#typist(room, userId, false), TYPING_FORGET_MS));
    this.#changed();
  }

  // --- small things --------------------------------------------------------------------------------

  #upsert(summary) {
    const room = this.rooms.get(summary.id) ?? new Room(summary, this.me.id);
    room.update(summary);
    this.rooms.set(room.id, room);
    this.#changed();
    return room;
  }

  #connection(state) {
    this.connection = state;
    this.#changed();
  }

  /** However much happens at once, the screen is told once. */
  #changed() {
    if (this.#announced) return;
    this.#announced = true;
    setTimeout(() => {
      this.#announced = false;
      this.dispatchEvent(new Event('change'));
    }, FRAME_MS);
  }
}
