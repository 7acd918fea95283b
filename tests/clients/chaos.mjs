// Users who talk all the time, whatever breaks, and keep account of every message on every socket. Driven by
// confab-chaos: each line on stdin is a question ("recovered", "stop"), each line on stdout an answer.
//
//   node chaos.mjs --url http://127.0.0.1:7400 --users 24 --rust-users 6 --rooms 6 --rate 60

import { createInterface } from 'node:readline';
import { readArgs } from './lib/args.mjs';
import { Ledger } from './lib/ledger.mjs';
import { createGroup, history, request, signUp } from './lib/rest.mjs';
import { check } from './lib/scenario.mjs';
import { socketOf } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

const ACK_TIMEOUT_MS = 5_000;
const BETWEEN_TRIES_MS = 250;
/** Sends that may be on their way; what is due beyond them is not sent: the cluster is down. */
const MOST_IN_FLIGHT = 400;
/** From a fault's end until all is well again. */
const RECOVERY_MS = 120_000;
const TRANSPORTS = ['default', 'websocket', 'polling'];

const args = readArgs({ url: undefined, users: 24, rust_users: 6, rooms: 6, rate: 60 });
const [url] = args.url;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const ledger = new Ledger();

/** Asks until it is answered well: the cluster may be broken at any time. */
async function insist(attempt) {
  for (const giveUpAt = Date.now() + RECOVERY_MS; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await pause(BETWEEN_TRIES_MS);
    }
  }
}

function open(user, transports) {
  const cursors = {};
  const auth = (answer) => answer({ token: user.token, cursors });
  const socket = socketOf(url, auth, { transports, reconnectionDelay: 100, reconnectionDelayMax: 1_000 });
  const keep = (message) => { cursors[message.roomId] = Math.max(cursors[message.roomId] ?? 0, message.rev); };
  socket.on('message:receive', (message) => {
    keep(message);
    ledger.received(user.id, message);
  });
  socket.on('message:updated', keep);
  socket.on('ready', (snapshot) => {
    if (!user.seen) user.seen = true;
    else ledger.reconnects += 1;
    snapshot.rooms.filter(({ resync }) => resync).forEach(({ id }) => ledger.mistake(`${user.username} has to read room ${id} anew`));
    user.ready = true;
  });
  socket.on('disconnect', (reason) => {
    user.ready = false;
    if (reason === 'io server disconnect') ledger.mistake(`${user.username} was sent away`);
  });
  socket.on('connect_error', () => {
    // Refused, and not for what the token says: an application tries again, the library does not.
    if (!socket.active) setTimeout(() => socket.connect(), BETWEEN_TRIES_MS);
  });
  socket.connect();
  return socket;
}

/** Sends a message until it is acknowledged; answers its seq. */
async function send(user, room, patienceMs = Infinity) {
  const giveUpAt = Date.now() + patienceMs;
  ledger.sent += 1;
  const clientMessageId = `chaos-${ledger.sent}`;
  const payload = { roomId: room.id, content: `message ${ledger.sent}`, clientMessageId };
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) {
      check(Date.now() < giveUpAt, () => `no send of ${user.username} is acknowledged any more`);
      ledger.retries += 1;
      await pause(BETWEEN_TRIES_MS);
    }
    const answer = await user.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('message:send', payload).catch(() => undefined);
    if (answer?.ok) {
      ledger.acked(answer.message);
      return answer.message.seq;
    }
    if (answer && answer.error.retryAfterMs === undefined) {
      ledger.mistake(`a send was refused: ${JSON.stringify(answer.error)}`);
      return 0;
    }
  }
}

const everybody = await inParallel(4, [...Array(args.users + args.rust_users).keys()], () => insist(() => signUp(url, 'chaos')));
const isIn = (index, number) => (index + number) % 3 === 0;
const users = everybody.slice(0, args.users);
/** Those whose sockets are not ours, but confab-chaos's own. */
const rustUsers = everybody.slice(args.users).map(({ id, token }) => ({ id, token, rooms: [] }));
const rooms = await inParallel(4, [...Array(args.rooms).keys()], async (number) => {
  const members = everybody.filter((_, index) => isIn(index, number));
  const room = await insist(() => createGroup(members[0], members, `room ${number}`));
  rustUsers.filter(({ id }) => members.some((member) => member.id === id)).forEach(({ rooms: theirs }) => theirs.push(room.id));
  return { id: room.id, members: members.filter((member) => users.includes(member)) };
});
users.forEach((user, index) => { user.socket = open(user, TRANSPORTS[index % TRANSPORTS.length]); });
const allReady = () => users.every(({ ready }) => ready);
await until(allReady, 'everybody to be ready', RECOVERY_MS);
const any = (items) => items[Math.floor(Math.random() * items.length)];

let inFlight = 0;
const talking = setInterval(() => {
  if (inFlight >= MOST_IN_FLIGHT) return;
  inFlight += 1;
  const room = any(rooms);
  send(any(room.members), room).finally(() => { inFlight -= 1; });
}, 1_000 / args.rate);

/** The last seq of each room. */
const heads = () => Object.fromEntries(rooms.map(({ id }) => [id, ledger.head(id)]));

/** Everybody is connected, and one more message in each room has reached all of its members. */
async function recovered() {
  const giveUpAt = Date.now() + RECOVERY_MS;
  const left = () => giveUpAt - Date.now();
  await until(allReady, () => `${users.filter(({ ready }) => !ready).map(({ username }) => username)} to come back`, left());
  await Promise.all(rooms.map(async (room) => {
    const seq = await send(any(room.members), room, left());
    await until(() => room.members.every(({ id }) => ledger.last(id, room.id) >= seq), () => {
      const behind = room.members.filter(({ id }) => ledger.last(id, room.id) < seq);
      return `${behind.map(({ username }) => username)} to get seq ${seq} of room ${room.id}`;
    }, left());
  }));
  return { heads: heads() };
}

async function onlineAsFarAsSeen(id) {
  const { body } = await request(url, 'GET', `/api/users/${id}/presence`, { token: users[0].token });
  return body.online;
}

/** How many users are not shown as they are after a while. */
async function wrongPresences() {
  users.filter((_, index) => index % 2).forEach(({ socket }) => socket.disconnect());
  const wrong = async () => {
    const shown = await inParallel(4, everybody, ({ id }) => insist(() => onlineAsFarAsSeen(id)));
    // Those of the other client stay until the end.
    const isOnline = ({ socket }) => socket?.connected ?? true;
    return everybody.filter((user, index) => shown[index] !== isOnline(user)).length;
  };
  await until(async () => await wrong() === 0, 'presence to be true', 60_000).catch(() => undefined);
  return wrong();
}

async function stop() {
  clearInterval(talking);
  await until(() => inFlight === 0, 'the last sends', RECOVERY_MS);
  for (const { id, members } of rooms) ledger.compare(id, await insist(() => history(members[0], id)));
  const settled = () => rooms.every(({ id, members }) => members.every((user) => ledger.last(user.id, id) >= ledger.head(id)));
  await until(settled, 'the last messages', 60_000).catch(() => undefined);
  rooms.forEach(({ id, members }) => members.forEach((user) => ledger.close(user, id)));
  const { outcome } = ledger;
  return { outcome: { ...outcome, wrongPresences: await wrongPresences() }, heads: heads() };
}

const answer = (value) => new Promise((resolve) => { process.stdout.write(`${JSON.stringify(value)}\n`, resolve); });
await answer({ rustUsers });
for await (const question of createInterface({ input: process.stdin })) {
  try {
    await answer(question === 'stop' ? await stop() : await recovered());
  } catch (error) {
    await answer({ failed: error.message });
  }
  if (question === 'stop') break;
}
process.exit(0);
