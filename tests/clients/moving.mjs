// Sockets whose gateways move them on, while messages flow: stock clients come back by themselves, no send fails after
// the client's own retries, and nobody misses anything, gets it twice or out of order.
//
//   node moving.mjs --url http://127.0.0.1:8000 --control http://127.0.0.1:PORT    # until it has answered POST /roll
//   node moving.mjs --url http://127.0.0.1:8000 --moves 2                          # until each was moved so often

import { Ledger } from './lib/ledger.mjs';
import { createGroup, history, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect } from './lib/socket.mjs';
import { inParallel, until } from './lib/wait.mjs';

const SENDERS = 6;
const PATIENCE_MS = 120_000;
/** What the library does by itself with what is not acknowledged in time. */
const RETRYING = { retries: 20, ackTimeout: 3_000 };
const TRANSPORTS = ['default', 'websocket', 'polling'];
/** Into how many parts a drain is cut to see whether it is spread. */
const PARTS = 5;

const defaults = { url: undefined, control: '', sockets: 60, moves: 1, deadline: 200 };
await scenario(defaults, async ({ url: [url], control, sockets: count, moves }) => {
  doing('connecting');
  const users = await inParallel(4, [...Array(count).keys()], (index) => signUp(url, `moving${index}`));
  const room = await createGroup(users[0], users.slice(1));
  const ledger = new Ledger();
  const times = new Map(users.map((user) => [user.id, { moved: 0, lost: 0, home: false }]));
  const drains = new Map();
  const sockets = await inParallel(16, users, (user, index) => connect(user, {
    transports: TRANSPORTS[index % TRANSPORTS.length],
    ...RETRYING,
    prepare: (socket) => {
      const mine = times.get(user.id);
      const cursors = {};
      socket.auth = (answer) => answer({ token: user.token, cursors });
      socket.on('message:receive', (message) => {
        cursors[message.roomId] = message.rev;
        ledger.received(user.id, message);
      });
      socket.on('ready', () => { mine.home = true; });
      socket.on('server:draining', ({ reconnectInMs }) => {
        mine.moved += 1;
        const round = drains.get(mine.moved) ?? [];
        drains.set(mine.moved, [...round, reconnectInMs]);
      });
      socket.on('disconnect', (reason) => {
        mine.lost += 1;
        mine.home = false;
        if (reason === 'io server disconnect') ledger.mistake(`${user.username} was sent away`);
      });
    },
  }));

  doing('talking');
  let talking = true;
  let failed;
  const senders = sockets.slice(0, SENDERS).map(async (socket, sender) => {
    for (let number = 0; talking; number += 1) {
      const payload = { roomId: room.id, content: `${number}`, clientMessageId: `moving-${sender}-${number}` };
      const answer = await new Promise((resolve) => {
        socket.emit('message:send', payload, (error, reply) => resolve(error ? { error: error.message } : reply));
      });
      if (answer.ok) ledger.acked(answer.message);
      else failed ??= answer;
    }
  });
  await until(() => ledger.outcome.acked > SENDERS * 5, 'messages to flow');

  doing('being moved');
  if (control) await fetch(`${control}/roll`, { method: 'POST' });
  else await until(() => [...times.values()].every(({ moved }) => moved >= moves), () => `each socket to be moved, ${quote([...times.values()])}`, PATIENCE_MS);

  doing('talking on');
  const before = ledger.outcome.acked;
  await until(() => ledger.outcome.acked > before + SENDERS * 5, 'messages to flow again', PATIENCE_MS);
  talking = false;
  await Promise.all(senders);
  check(!failed, () => `a send failed: ${quote(failed)}`);

  doing('counting');
  await until(() => users.every(({ id }) => ledger.last(id, room.id) >= ledger.head(room.id)), 'everybody to have everything', PATIENCE_MS);
  ledger.compare(room.id, await history(users[0], room.id));
  users.forEach((user) => ledger.close(user, room.id));
  const { mistakes, ...outcome } = ledger.outcome;
  check(mistakes.length === 0, () => `${mistakes.length} mistakes, the first: ${mistakes[0]}`);
  const all = [...times.values()];
  // Who lost its server amid the upgrade notices when it has heard nothing for long.
  await Promise.all(all.map((one) => until(() => one.lost > 0 && one.home, () => `a socket to have been moved and to be back, ${quote(one)}`, PATIENCE_MS)));
  // Not those whose polls another gateway handed on when it was the first to go.
  const told = all.filter(({ moved }) => moved > 0).length;
  check(told >= count / 2, () => `${told} of ${count} were told`);
  sockets.forEach((socket) => socket.disconnect());
  return { ...outcome, moved: all.reduce((sum, { moved }) => sum + moved, 0), spread: spreadOf(drains.get(1)) };
});

/** How the sockets that were told first were spread over the time of the drain: how many in each part of it. */
function spreadOf(told) {
  const longest = Math.max(...told);
  const parts = Array(PARTS).fill(0);
  for (const ms of told) parts[Math.min(PARTS - 1, Math.floor((ms / (longest + 1)) * PARTS))] += 1;
  return { longestMs: longest, parts };
}
