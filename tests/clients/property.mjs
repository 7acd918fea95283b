// A random history by several users, some of whom come and go: in the end, what each of them was told, live or on
// coming back or by `room:sync`, makes up exactly what the store has; what is unread is what a recount says; no cursor
// ever went back. The same seed gives the same wishes in the same order.
//
//   node property.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --seed 1

import { ask as rest, createGroup, history, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, socketOf } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

/** mulberry32: a small generator that is good enough to choose. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What one user has been told, applied as an application would. */
class Copy {
  cursors = {};
  rooms = new Map();
  read = new Map();
  /** What was said to be read, heard or not: an answer may be cut off. */
  wished = new Map();

  constructor(user, rooms) {
    this.user = user;
    rooms.forEach(({ id }) => {
      this.cursors[id] = 0;
      this.rooms.set(id, new Map());
      this.read.set(id, 0);
      this.wished.set(id, 0);
    });
  }

  #move({ roomId, rev }) {
    check(rev > this.cursors[roomId], () => `${this.user.username} was told of revision ${rev} of ${roomId} after ${this.cursors[roomId]}`);
    this.cursors[roomId] = rev;
  }

  appended(message) {
    this.#move(message);
    check(!this.rooms.get(message.roomId).has(message.id), () => `${this.user.username} was told twice of ${quote(message)}`);
    this.rooms.get(message.roomId).set(message.id, message);
  }

  updated(message) {
    this.#move(message);
    const known = this.rooms.get(message.roomId);
    if (known.has(message.id)) known.set(message.id, message);
  }

  hidden(event) {
    this.#move(event);
    this.rooms.get(event.roomId).delete(event.messageId);
  }

  /** A page of `room:sync`, where new and changed messages are not told apart. */
  synced(roomId, { changes, cursor }) {
    for (const { message, hidden } of changes) {
      if (hidden) this.rooms.get(roomId).delete(hidden.messageId);
      else this.rooms.get(roomId).set(message.id, message);
    }
    this.cursors[roomId] = cursor;
  }

  messages(roomId) {
    return [...this.rooms.get(roomId).values()].sort((a, b) => a.seq - b.seq);
  }
}

await scenario({ url: undefined, seed: 1, users: 5, rooms: 3, wishes: 400, deadline: 150 }, async ({ url, seed, users: userCount, rooms: roomCount, wishes }) => {
  const next = random(seed);
  const any = (items) => items[Math.floor(next() * items.length)];
  doing('signing up');
  const users = await inParallel(4, [...Array(userCount).keys()], (index) => signUp(url[index % url.length], 'random'));
  const rooms = await inParallel(4, [...Array(roomCount).keys()], (number) => createGroup(users[0], users, `room ${number}`));
  const mistakes = [];
  const told = (apply) => (payload) => {
    try {
      apply(payload);
    } catch (error) {
      mistakes.push(error.message);
    }
  };

  const statuses = new Map();
  const clients = users.map((user, index) => {
    const copy = new Copy(user, rooms);
    const socket = socketOf(url[index % url.length], (answer) => answer({ token: user.token, cursors: copy.cursors }), { transports: index % 2 ? 'websocket' : 'default' });
    socket.on('message:receive', told((message) => copy.appended(message)));
    socket.on('message:updated', told((message) => copy.updated(message)));
    socket.on('message:hidden', told((event) => copy.hidden(event)));
    socket.on('message:status', told(({ roomId, userId, readSeq, deliveredSeq }) => {
      const key = `${user.id} ${roomId} ${userId}`;
      const before = statuses.get(key) ?? { readSeq: 0, deliveredSeq: 0 };
      // Two that overtake each other are both true; what is kept is the further one.
      statuses.set(key, { readSeq: Math.max(before.readSeq, readSeq), deliveredSeq: Math.max(before.deliveredSeq, deliveredSeq) });
    }));
    socket.on('ready', (snapshot) => {
      if (snapshot.rooms.some(({ resync }) => resync)) mistakes.push(`${user.username} has to begin anew`);
    });
    socket.connect();
    return { user, copy, socket };
  });
  await until(() => clients.every(({ socket }) => socket.connected), 'everybody to connect');

  doing('wishing');
  const emoji = ['👍', '❤️', '🎉'];
  /** Any message that this client knows; most wishes need one. */
  const known = ({ copy }, room) => any(copy.messages(room.id).filter(({ type }) => type === 'text'));
  const wish = {
    send: (client, room, number) => ['message:send', { roomId: room.id, content: `wish ${number} @${any(users).username}`, clientMessageId: `${number}` }],
    reply: (client, room, number) => ['message:send', { roomId: room.id, content: `wish ${number}`, clientMessageId: `${number}`, replyTo: known(client, room)?.id }],
    edit: (client, room, number) => ['message:edit', { messageId: known(client, room)?.id, content: `edited by ${number}` }],
    remove: (client, room) => ['message:delete', { messageId: known(client, room)?.id, for: 'everyone' }],
    hide: (client, room) => ['message:delete', { messageId: known(client, room)?.id, for: 'me' }],
    react: (client, room) => ['message:react', { messageId: known(client, room)?.id, emoji: any(emoji), remove: next() < 0.3 }],
    pin: (client, room) => ['message:pin', { messageId: known(client, room)?.id, remove: next() < 0.4 }],
    rename: (client, room, number) => ['room:update', { roomId: room.id, name: `name ${number}` }],
    read: (client, room) => ['message:ack', { roomId: room.id, seq: Math.floor(next() * (client.copy.messages(room.id).at(-1)?.seq ?? 0)), status: 'read' }],
  };
  const often = ['send', 'send', 'send', 'reply', 'edit', 'edit', 'react', 'react', 'react', 'remove', 'hide', 'pin', 'rename', 'read', 'read'];
  /** What may be answered to a wish that came too late, or that its user may not have. */
  const allowed = ['NOT_ALLOWED', 'MESSAGE_DELETED', 'MESSAGE_NOT_FOUND', 'REACTIONS_FULL', 'PINS_FULL', 'PAYLOAD_UNREADABLE'];
  let granted = 0;
  let left = 0;
  const fulfil = async (number) => {
    const client = any(clients);
    if (next() < 0.06) {
      left += 1;
      client.socket.disconnect();
      return;
    }
    if (!client.socket.connected) {
      client.socket.connect();
      return;
    }
    const room = any(rooms);
    const [event, payload] = wish[any(often)](client, room, number);
    if (Object.values(payload).includes(undefined)) return;
    if (event === 'message:ack') client.copy.wished.set(room.id, Math.max(client.copy.wished.get(room.id), payload.seq));
    const answer = await ask(client.socket, event, payload).catch(() => undefined);
    if (answer === undefined) return; // The socket was closed meanwhile.
    check(answer.ok || allowed.includes(answer.error.code), () => `${event} ${quote(payload)} was answered ${quote(answer)}`);
    granted += answer.ok;
    if (answer.ok && event === 'message:ack') client.copy.read.set(room.id, Math.max(client.copy.read.get(room.id), answer.readSeq));
  };
  await inParallel(6, [...Array(wishes).keys()], fulfil);

  doing('comparing');
  const logs = new Map(await inParallel(3, rooms, async ({ id }) => [id, (await rest(url[0], 'GET', `/api/rooms/${id}`, { token: users[0].token })).headRev]));
  // One has heard everything by being there, one by coming back, the rest by asking.
  for (const [index, { copy, socket, user }] of clients.entries()) {
    if (index % 3 === 2) {
      socket.disconnect();
      const other = socketOf(url[0], { token: user.token }, { transports: 'websocket' }).connect();
      await until(() => other.connected, 'a fresh socket');
      for (const { id } of rooms) {
        for (let complete = false; !complete;) {
          const answer = await ask(other, 'room:sync', { cursors: { [id]: copy.cursors[id] } });
          check(answer.ok && answer.rooms[id].cursor !== undefined, () => `room:sync was answered ${quote(answer)}`);
          copy.synced(id, answer.rooms[id]);
          ({ complete } = answer.rooms[id]);
        }
      }
      other.disconnect();
    } else if (!socket.connected) {
      socket.connect();
    }
  }
  // What an answer shows of what it answers is as that was when it was last told: it is compared there.
  const bare = (messages) => JSON.stringify(messages.map((message) => ({ ...message, replyTo: message.replyTo?.id })));
  const same = async () => {
    for (const { user, copy } of clients) {
      for (const { id } of rooms) {
        const log = await history(user, id);
        if (bare(copy.messages(id)) !== bare(log)) return { user, id, log, copy };
      }
    }
    return undefined;
  };
  let difference;
  await until(async () => {
    check(mistakes.length === 0, () => `${mistakes.length} mistakes, the first: ${mistakes[0]}`);
    difference = await same();
    return !difference;
  }, () => {
    const { user, id, log, copy } = difference;
    const mine = copy.messages(id);
    const at = log.findIndex((message, index) => bare([message]) !== bare(mine.slice(index, index + 1)));
    return `${user.username}'s copy of ${id} to be the store's: ${mine.length} of ${log.length}, ${quote(mine[at])} is ${quote(log[at])}`;
  }, 30_000);
  for (const { user, copy } of clients) {
    const list = await rest(url.at(-1), 'GET', '/api/rooms', { token: user.token });
    const unread = list.rooms.map((room) => {
      const last = logs.has(room.id) ? room.lastSeq : 0;
      const [answered, wished] = [copy.read.get(room.id), copy.wished.get(room.id)];
      check(room.readSeq >= answered && room.readSeq <= wished, () => `${user.username} has read ${room.readSeq} of ${room.id}, said ${wished}, and was answered ${answered}`);
      check(room.unread === last - room.readSeq, () => `${room.unread} are unread of ${quote(room)}`);
      return room.unread;
    });
    check(list.totalUnread === unread.reduce((sum, count) => sum + count, 0), () => `${list.totalUnread} are unread in all, but the rooms have ${unread}`);
  }
  for (const [key, { readSeq }] of statuses) {
    const [, roomId, userId] = key.split(' ');
    const { copy } = clients.find(({ user }) => user.id === userId);
    check(readSeq <= copy.wished.get(roomId), () => `somebody was told that ${userId} has read ${readSeq}, who has said ${copy.wished.get(roomId)}`);
  }
  clients.forEach(({ socket }) => socket.disconnect());
  return { seed, granted, left, revisions: [...logs.values()] };
});
