// Lines that let nothing through any more, and tell nobody: the gateway finds such sockets by their heartbeat, and their
// users are told to be gone, once; the stock client finds it by itself, and is back before it is missed.
//
//   node half-open.mjs --url http://127.0.0.1:7400 --through http://127.0.0.1:PORT --control http://127.0.0.1:PORT
//
// `--through` leads to the gateway by a line that falls silent when `--control` is told so.

import { signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { askKnown, connect } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

/** Two heartbeats and a debounce, on a machine that does other things too. */
const PATIENCE_MS = 60_000;

await scenario({ url: undefined, through: undefined, control: undefined, deadline: 120 }, async ({ url: [url], through, control }) => {
  doing('connecting');
  const [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((name) => signUp(url, name)));
  const seen = [];
  const edges = (user) => seen.filter(({ userId }) => userId === user.id).map(({ online }) => online);
  let watching = false;
  const watch = async (socket) => {
    const before = seen.length;
    const { presences } = await askKnown(socket, 'presence:watch', { userIds: [bob.id, carol.id, dave.id] });
    // What was told while nobody listened is in the answer; what has been told since the question is newer.
    const isTold = ({ userId }) => seen.slice(before).some((event) => event.userId === userId);
    seen.push(...presences.filter((one) => !isTold(one) && one.online !== (edges({ id: one.userId }).at(-1) ?? false)));
    watching = true;
  };
  // Where the machine stalls, the watcher may be cut off as well. It watches again whenever it is back, and if it is lost
  // before the answer, when it is back the next time.
  const prepare = (one) => one.on('presence', (event) => seen.push(event)).on('ready', () => watch(one).catch(() => {}));
  await connect(alice, { transports: 'websocket', prepare });
  await until(() => watching, 'Alice to watch');
  let reason;
  const lost = { url: through, transports: 'websocket', reconnection: false, prepare: (one) => one.once('disconnect', (why) => { reason = why; }) };
  await connect(bob, lost);
  const returning = await connect(carol, { url: through, transports: 'websocket', reconnectionDelay: 50 });
  await until(() => edges(bob).length === 1 && edges(carol).length === 1, () => `both to be seen: ${quote(seen)}`, PATIENCE_MS);

  doing('falling silent');
  let back = false;
  returning.once('ready', () => { back = true; });
  await fetch(`${control}/silence`, { method: 'POST' });
  await until(() => back, 'the stock client to be back', PATIENCE_MS);
  await until(() => edges(bob).length === 2, () => `the other to be missed: ${quote(seen)}`, PATIENCE_MS);
  await until(() => reason, 'the other to notice it', PATIENCE_MS);

  doing('coming and going of somebody else, which is told after whatever there was to tell');
  const marker = await connect(dave, { url, transports: 'websocket' });
  await until(() => edges(dave).length === 1, () => `the marker to come: ${quote(seen)}`, PATIENCE_MS);
  marker.disconnect();
  await until(() => edges(dave).length === 2, () => `the marker to go: ${quote(seen)}`, PATIENCE_MS);
  check(reason === 'ping timeout', () => `the client lost its line for ${reason}`);
  check(quote(edges(bob)) === quote([true, false]), () => `of who is cut off was seen ${quote(edges(bob))}`);
  check(quote(edges(carol)) === quote([true]), () => `of who is back was seen ${quote(edges(carol))}`);
  return { seen: seen.length };
});
