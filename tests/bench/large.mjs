// What a group's size costs: CPU time of a send, a receipt and a join in groups of 10 to 10,000 members, of whom the
// same eight are connected each time. It judges nothing; it prints what it measured, with its conditions.
//
//   cargo xtask up --release --detach --env BCRYPT_COST=4 --env RATE_LIMITS=off
//   node tests/bench/large.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --cluster target/cluster.json

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask as rest, signUp } from '../clients/lib/rest.mjs';
import { check, doing, quote, scenario } from '../clients/lib/scenario.mjs';
import { ask, connect, send } from '../clients/lib/socket.mjs';
import { inParallel, until } from '../clients/lib/wait.mjs';

const PRESENT = 8;
const ADDED_AT_ONCE = 999;
/** Linux counts CPU time in hundredths of a second. */
const TICK_US = 10_000;

/** The processes of a cluster by what they are. */
function processesOf({ gateways, auth, messageStore, presence, redis, mongo }) {
  const pids = (replicas) => replicas.map(({ pid }) => pid);
  return { gateways: pids(gateways), 'message-store': pids(messageStore), presence: pids(presence), auth: pids(auth), redis: [redis.pid], mongo: [mongo.pid] };
}

function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name is in parentheses, and the first field after it is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

const usage = (processes) => Object.fromEntries(Object.entries(processes).map(([kind, pids]) => [kind, pids.map(cpuOf).reduce((sum, us) => sum + us, 0)]));

await scenario({ url: undefined, cluster: undefined, sizes: '10,100,1000,10000', times: 300, deadline: 1_800 }, async ({ url, cluster: file, sizes, times }) => {
  const cluster = JSON.parse(readFileSync(file, 'utf8'));
  const processes = processesOf(cluster);
  const members = String(sizes).split(',').map(Number);

  doing('signing up');
  const absent = await inParallel(16, [...Array(Math.max(...members)).keys()], (index) => signUp(url[index % url.length], 'absent'));

  doing('measuring what the cluster does by itself');
  const before = usage(processes);
  const began = performance.now();
  await sleep(10_000);
  const idle = usage(processes);
  const seconds = (performance.now() - began) / 1_000;
  const idlePerSecond = Object.fromEntries(Object.keys(processes).map((kind) => [kind, (idle[kind] - before[kind]) / seconds]));

  /** CPU microseconds of each kind of process for each time `act` is done, without what the cluster does by itself. */
  const cost = async (act) => {
    const start = usage(processes);
    const since = performance.now();
    for (let time = 0; time < times; time += 1) await act(time);
    const end = usage(processes);
    const took = (performance.now() - since) / 1_000;
    return Object.fromEntries(Object.keys(processes).map((kind) => [kind, Math.round(Math.max(0, end[kind] - start[kind] - idlePerSecond[kind] * took) / times)]));
  };

  const rows = [];
  for (const size of members) {
    doing(`making a group of ${size}`);
    const present = await inParallel(4, [...Array(PRESENT).keys()], (index) => signUp(url[index % url.length], 'present'));
    const others = [...present.slice(1), ...absent.slice(0, size - PRESENT)].map(({ id }) => id);
    const room = await rest(url[0], 'POST', '/api/rooms', { token: present[0].token, body: { name: `group of ${size}`, isGroup: true, memberIds: others.splice(0, ADDED_AT_ONCE) } });
    while (others.length > 0) {
      await rest(url[0], 'POST', `/api/rooms/${room.id}/members`, { token: present[0].token, body: { userIds: others.splice(0, ADDED_AT_ONCE) } });
    }
    const shown = await rest(url[0], 'GET', `/api/rooms/${room.id}`, { token: present[0].token });
    check(shown.memberCount === size, () => `the room is ${quote(shown)}`);
    let received = 0;
    const sockets = await inParallel(4, present, (user) => connect(user, { transports: 'websocket', prepare: (socket) => socket.on('message:receive', () => { received += 1; }) }));
    // Whoever was added is told so; that is not what is measured.
    await sleep(3_000);

    doing(`sending in a group of ${size}`);
    received = 0;
    let last;
    const sending = await cost(async (time) => { last = await send(sockets[0], { roomId: room.id, content: `number ${time}` }); });
    await until(() => received === times * PRESENT, () => `${times * PRESENT} deliveries, ${received} so far`);

    doing(`reading in a group of ${size}`);
    const first = last.seq - times;
    const reading = await cost(async (time) => {
      const answer = await ask(sockets[1], 'message:ack', { roomId: room.id, seq: first + time + 1, status: 'read' });
      check(answer.ok, () => `a receipt was answered ${quote(answer)}`);
    });

    doing(`joining a group of ${size}`);
    const joining = await cost(async () => (await connect(present[2], { transports: 'websocket' })).disconnect());
    sockets.forEach((socket) => socket.disconnect());
    rows.push({ size, sending, reading, joining });
  }
  const kinds = ['gateways', 'message-store', 'mongo', 'redis', 'presence'];
  console.error(`CPU microseconds each, ${times} times one after the other, ${PRESENT} members connected to ${url.length} gateways; ${cpus().length} x ${cpus()[0].model}, shared by all`);
  for (const what of ['sending', 'reading', 'joining']) {
    console.error(`\n${what.padEnd(10)} ${kinds.map((kind) => kind.padStart(14)).join('')}`);
    rows.forEach((row) => console.error(`${String(row.size).padStart(10)} ${kinds.map((kind) => String(row[what][kind]).padStart(14)).join('')}`));
  }
  return { times, present: PRESENT, idlePerSecond, rows };
});
