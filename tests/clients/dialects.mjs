// All five dialects in one room: what one of the two does in any of them, the other hears in each of them, in its own
// words, exactly once per socket; and a group, for those dialects that have groups.
//
//   node dialects.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401
//
// One of the two has five sockets over one connection, as the stock client makes them; the other has five connections.

import { Heard } from './lib/dialect.mjs';
import { ask as rest, createGroup, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';
import { io } from 'socket.io-client';

const DIALECTS = ['native', 'social', 'chatspace', 'heretics', 'daylog'];

/** How a message of the other one, and of one's own other sockets, is heard. */
const MESSAGE = {
  native: { event: 'message:receive', said: (message) => message.content, own: true },
  social: { event: 'chat:message', said: ({ message }) => message.text, own: true },
  chatspace: { event: 'newMessage', said: (message) => message.text, own: false },
  heretics: { event: 'new-message', said: (message) => message.text, own: true },
  daylog: { event: 'new_message', said: ({ message }) => message.content, own: true },
};

const SEND = {
  native: (one, room, other, text) => ask(one.sockets.native, 'message:send', { roomId: room, content: text }),
  social: (one, room, other, text) => ask(one.sockets.social, 'chat:send', { conversationId: room, text, tempId: `temp_${text}` }),
  chatspace: (one, room, other, text) => rest(one.url, 'POST', `/chatspace/api/messages/send/${other.id}`, { token: one.token, body: { text } }),
  heretics: (one, room, other, text) => one.sockets.heretics.emit('send-message', { chatId: room, text }),
  daylog: (one, room, other, text) => one.sockets.daylog.emit('send_message', { receiverId: other.id, content: text }),
};

const READ = {
  native: (one, room, other, { id }) => ask(one.sockets.native, 'message:ack', { roomId: room, messageId: id, status: 'read' }),
  social: (one, room, other, { id }) => ask(one.sockets.social, 'chat:read', { conversationId: room, messageIds: [id] }),
  chatspace: (one, room, other, { id }) => rest(one.url, 'PUT', `/chatspace/api/messages/seen/${id}`, { token: one.token }),
  daylog: (one, room, other) => one.sockets.daylog.emit('mark_as_read', { senderId: other.id }),
};

/** How the sender hears that a message was read. */
const WAS_READ = {
  native: (reader, { seq }) => ['message:status', ({ userId, readSeq }) => userId === reader.id && readSeq === seq],
  social: (reader, { id }) => ['chat:read', ({ readBy, messageIds }) => readBy === reader.id && messageIds.includes(id)],
  daylog: (reader, { id }) => ['messages_read', ({ readerId, messageIds }) => readerId === reader.id && messageIds.includes(id)],
};

const TYPE = {
  native: (one, room, other, isTyping) => one.sockets.native.emit('typing', { roomId: room, isTyping }),
  social: (one, room, other, isTyping) => one.sockets.social.emit('chat:typing', { conversationId: room, isTyping }),
  heretics: (one, room, other, isTyping) => one.sockets.heretics.emit('typing', { chatId: room, isTyping }),
  daylog: (one, room, other, isTyping) => one.sockets.daylog.emit(isTyping ? 'typing_start' : 'typing_stop', { receiverId: other.id }),
};

const TYPES = {
  native: (heard, user) => heard.of('typing', ({ userId }) => userId === user.id).map(({ isTyping }) => isTyping),
  social: (heard, user) => heard.of('chat:typing', ({ userId }) => userId === user.id).map(({ isTyping }) => isTyping),
  heretics: (heard, user) => heard.of('typing', ({ userId }) => userId === user.id).map(({ isTyping }) => isTyping),
  daylog: (heard, user) => heard.all.filter(({ event, args: [payload] }) => /^user_(stop_)?typing$/.test(event) && payload.userId === user.id).map(({ event }) => event === 'user_typing'),
};

const ONLINE = {
  native: (heard, user) => heard.of('presence', ({ userId, online }) => userId === user.id && online),
  social: (heard, user) => heard.of('user:online', ({ userId }) => userId === user.id),
  heretics: (heard, user) => heard.of('user-online', ({ userId }) => userId === user.id),
  daylog: (heard, user) => heard.of('user_online', ({ userId }) => userId === user.id),
  chatspace: (heard, user) => heard.of('getOnlineUsers').filter((ids, at, all) => ids.includes(user.id) && !all[at - 1]?.includes(user.id)),
};

const OFFLINE = {
  native: (heard, user) => heard.of('presence', ({ userId, online }) => userId === user.id && !online),
  social: (heard, user) => heard.of('user:offline', ({ userId }) => userId === user.id),
  heretics: (heard, user) => heard.of('user-offline', ({ userId }) => userId === user.id),
  daylog: (heard, user) => heard.of('user_offline', ({ userId }) => userId === user.id),
  // A list at connecting, and one for each change: the last one is without whoever went.
  chatspace: (heard, user) => heard.of('getOnlineUsers').filter((ids, at, all) => at > 0 && all[at - 1].includes(user.id) && !ids.includes(user.id)),
};

/** How often something was said: no two messages have one text. */
let said = 0;

await scenario({ url: undefined, deadline: 120 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [ann, bob] = await Promise.all([signUp(here, 'ann'), signUp(there, 'bob')]);
  const { id: room } = await rest(here, 'POST', '/api/rooms', { token: ann.token, body: { isGroup: false, memberIds: [bob.id] } });
  // The stock client joins what goes to one server into one connection, unless told otherwise.
  await arrive(ann, { multiplex: true });
  await arrive(bob, { forceNew: true });
  for (const one of [ann, bob]) await joined(one, room);
  await ask(bob.sockets.native, 'presence:watch', { userIds: [ann.id] });

  for (const dialect of DIALECTS) {
    doing(`a message in ${dialect}`);
    await says(ann, bob, room, dialect);
    await says(bob, ann, room, dialect);
  }
  for (const dialect of Object.keys(READ)) {
    doing(`a reading in ${dialect}`);
    await reads(ann, bob, room, dialect);
  }
  for (const dialect of Object.keys(TYPE)) {
    doing(`a typing spell in ${dialect}`);
    await types(ann, bob, room, dialect);
  }
  doing('going offline');
  Object.values(ann.sockets).forEach((socket) => socket.disconnect());
  await until(() => DIALECTS.every((dialect) => OFFLINE[dialect](bob.heard[dialect], ann).length > 0), () => `Bob to see Ann go in each dialect: ${quote(DIALECTS.map((dialect) => [dialect, OFFLINE[dialect](bob.heard[dialect], ann).length]))}`);
  const text = 'are you still there?';
  await SEND.native(bob, room, ann, text);
  await until(() => bob.heard.daylog.of('new_message', ({ message }) => message.content === text).length, 'a last word');
  for (const dialect of DIALECTS) {
    const gone = OFFLINE[dialect](bob.heard[dialect], ann).length;
    check(gone === 1, () => `${dialect} said ${gone} times that Ann is gone`);
  }
  for (const dialect of DIALECTS) {
    doing(`coming and going in ${dialect}`);
    await comesAndGoes(bob, here, dialect);
  }
  await group(here, there);
  return { dialects: DIALECTS.length };
});

/** A socket in each dialect. */
async function arrive(one, options) {
  one.sockets = {};
  one.heard = {};
  for (const dialect of DIALECTS) {
    const socket = io(dialect === 'native' ? one.url : `${one.url}/${dialect}`, { auth: { token: one.token }, ...options });
    one.sockets[dialect] = socket;
    one.heard[dialect] = new Heard(`${one.username} in ${dialect}`, socket);
    socket.on('connect_error', (error) => check(socket.active, () => `${dialect} refused: ${error.message}`));
  }
  await until(() => Object.values(one.sockets).every((socket) => socket.connected), `${one.username} to connect`);
  await one.heard.native.once('ready');
  await one.heard.daylog.once('online_users');
  await one.heard.heretics.once('online-users');
  await until(() => one.heard.chatspace.of('getOnlineUsers').length, 'a list of who is online');
}

async function joined(one, room) {
  const answer = await ask(one.sockets.social, 'chat:join', { conversationId: room });
  check(answer?.success === true, () => `chat:join was answered ${quote(answer)}`);
}

async function says(one, other, room, from) {
  said += 1;
  const text = `${one.username} says number ${said} in ${from}`;
  await SEND[from](one, room, other, text);
  const heard = (who, dialect) => who.heard[dialect].of(MESSAGE[dialect].event, (payload) => MESSAGE[dialect].said(payload) === text);
  const wanted = [...DIALECTS.map((dialect) => [other, dialect, 1]), ...DIALECTS.map((dialect) => [one, dialect, MESSAGE[dialect].own ? 1 : 0])];
  await until(() => wanted.every(([who, dialect, times]) => heard(who, dialect).length >= times), () => `all to hear it: ${quote(wanted.map(([who, dialect]) => [who.username, dialect, heard(who, dialect).length]))}`);
  for (const [who, dialect, times] of wanted) {
    check(heard(who, dialect).length === times, () => `${who.username} heard it ${heard(who, dialect).length} times in ${dialect} instead of ${times}`);
  }
  const [own] = heard(one, 'social');
  const [others] = heard(other, 'social');
  check(others.tempId === undefined && (from !== 'social' || own.tempId === `temp_${text}`), () => `tempId came as ${quote(own.tempId)} and ${quote(others.tempId)}`);
  return heard(other, 'native')[0];
}

async function reads(sender, reader, room, from) {
  const message = await says(sender, reader, room, from);
  await READ[from](reader, room, sender, message);
  const heard = (dialect) => sender.heard[dialect].of(...WAS_READ[dialect](reader, message));
  const wanted = Object.keys(WAS_READ);
  await until(() => wanted.every((dialect) => heard(dialect).length), () => `the sender to hear of it: ${quote(wanted.map((dialect) => [dialect, heard(dialect)]))}`);
  for (const dialect of wanted) check(heard(dialect).length === 1, () => `${dialect} said ${heard(dialect).length} times that it was read`);
  const { messages: [last] } = await rest(sender.url, 'GET', `/social/api/messages/${room}?limit=1`, { token: sender.token });
  check(last._id === message.id && last.status === 'read' && last.readBy[0].user === reader.id, () => `history has ${quote(last)}`);
}

async function types(one, other, room, from) {
  const before = Object.fromEntries(Object.keys(TYPES).map((dialect) => [dialect, TYPES[dialect](other.heard[dialect], one).length]));
  const spell = (dialect) => TYPES[dialect](other.heard[dialect], one).slice(before[dialect]);
  const all = (count) => until(() => Object.keys(TYPES).every((dialect) => spell(dialect).length >= count), () => `it to be heard: ${quote(Object.keys(TYPES).map((dialect) => [dialect, spell(dialect)]))}`);
  TYPE[from](one, room, other, true);
  await all(1);
  TYPE[from](one, room, other, false);
  await all(2);
  for (const dialect of Object.keys(TYPES)) check(quote(spell(dialect)) === '[true,false]', () => `${dialect} told ${quote(spell(dialect))}`);
  for (const dialect of Object.keys(TYPES)) check(TYPES[dialect](one.heard[dialect], one).length === 0, () => `${dialect} told the typist`);
}

/** Somebody who speaks one dialect alone: the other one sees them come and go in each, once. */
async function comesAndGoes(watcher, url, dialect) {
  const one = await signUp(url, dialect);
  await rest(watcher.url, 'POST', '/api/rooms', { token: watcher.token, body: { isGroup: false, memberIds: [one.id] } });
  await ask(watcher.sockets.native, 'presence:watch', { userIds: [one.id] });
  const socket = io(dialect === 'native' ? url : `${url}/${dialect}`, { auth: { token: one.token }, forceNew: true });
  const times = (turns) => DIALECTS.map((heard) => turns[heard](watcher.heard[heard], one).length);
  const all = (turns, what) => until(() => times(turns).every((count) => count >= 1), () => `Bob to see ${one.username} ${what}: ${quote(times(turns))}`);
  await all(ONLINE, 'come');
  socket.disconnect();
  await all(OFFLINE, 'go');
  check(quote([times(ONLINE), times(OFFLINE)]) === quote([DIALECTS.map(() => 1), DIALECTS.map(() => 1)]), () => `that ${one.username} came and went was told ${quote([times(ONLINE), times(OFFLINE)])} times`);
}

/** Three who speak one dialect each, in a group. */
async function group(here, there) {
  doing('a group');
  const people = await Promise.all([signUp(here, 'native'), signUp(there, 'social'), signUp(here, 'heretic')]);
  const { id } = await createGroup(people[0], people.slice(1));
  for (const one of people) await arrive(one, { forceNew: true });
  for (const one of people) await joined(one, id);
  for (const [at, from] of ['native', 'social', 'heretics'].entries()) {
    const text = `to the group from ${from}`;
    await SEND[from](people[at], id, undefined, text);
    const heard = (who, dialect) => who.heard[dialect].of(MESSAGE[dialect].event, (payload) => MESSAGE[dialect].said(payload) === text).length;
    await until(() => people.every((who) => ['native', 'social', 'heretics'].every((dialect) => heard(who, dialect) >= 1)), 'all to hear it');
    for (const who of people) {
      for (const dialect of DIALECTS) {
        const times = ['chatspace', 'daylog'].includes(dialect) ? 0 : 1;
        check(heard(who, dialect) === times, () => `${who.username} heard it ${heard(who, dialect)} times in ${dialect}`);
      }
    }
  }
}
