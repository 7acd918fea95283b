// What one user may do, over sockets and REST, on whatever gateway.

import { createGroup, history, request } from '../lib/rest.mjs';
import { check, doing, quote } from '../lib/scenario.mjs';
import { ask, connect } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';
import { comesBack, fromElsewhere, fullBudget, refusal, somebody } from './budget.mjs';

const open = (user, url) => connect(user, { url, transports: 'websocket', extraHeaders: user.headers });

export async function messages([here, there]) {
  doing('using up a budget of messages on two gateways');
  const [alice, bob] = [await somebody(here), await somebody(there)];
  const room = await createGroup(alice, [bob]);
  const socket = await open(alice, here);
  const post = () => request(there, 'POST', `/api/rooms/${room.id}/messages`, { token: alice.token, headers: alice.headers, body: { content: 'by REST' } });
  const send = () => ask(socket, 'message:send', { roomId: room.id, content: 'by socket' });
  // Five, then one in four seconds: what a socket here has used, REST has not on the other gateway.
  const budget = fullBudget('messages', 5, 4_000);
  await budget.useUp((number) => (number % 2 ? post() : send()));

  doing('being refused by each gateway alone');
  await budget.useUp(post);
  await budget.useUp(send);

  doing('being refused without an acknowledgement');
  const told = [];
  let unasked = 0;
  socket.on('error:rate_limited', (error) => told.push(error));
  socket.on('message:receive', ({ content }) => { unasked += content === 'unasked' ? 1 : 0; });
  // What is taken comes back, as it does to every member.
  const say = async () => {
    const before = unasked;
    socket.emit('message:send', { roomId: room.id, content: 'unasked' });
    await until(() => told.length || unasked > before, 'error:rate_limited, or the message');
    return told.length ? { ok: false, error: told[0] } : { ok: true };
  };
  await budget.useUp(say);

  doing('sending as somebody else meanwhile');
  const bobs = await open(bob, here);
  const his = await ask(bobs, 'message:send', { roomId: room.id, content: 'not concerned' });
  check(his.ok, () => `Bob was answered ${quote(his)}`);

  doing('coming back when one may');
  await comesBack('messages', await budget.useUp(send), budget.counted(send));
  // And the one of Bob.
  const taken = budget.taken + 1;
  const stored = (await history({ ...alice, url: here }, room.id)).filter(({ type }) => type !== 'system');
  check(stored.length === taken, `${taken} messages were taken, and ${stored.length} are there`);
  [socket, bobs].forEach((one) => one.disconnect());
}

export async function typing([here, there]) {
  doing('using up a budget of typing');
  const user = await somebody(here);
  const rooms = [await createGroup(user, []), await createGroup(user, []), await createGroup(user, [])];
  const sockets = [await open(user, here), await open(user, there)];
  // What is said too often in one room is swallowed as before, and costs nothing.
  for (let turn = 0; turn < 8; turn += 1) {
    const answer = await ask(sockets[0], 'typing', { roomId: rooms[0].id, isTyping: true });
    check(answer.ok, () => `typing on was answered ${quote(answer)}`);
  }
  const say = (number) => {
    const [room, isTyping] = [rooms[1 + (number >> 1) % 2], number % 2 === 0];
    return ask(sockets[number >> 1 & 1], 'typing', { roomId: room.id, isTyping });
  };
  // Three in all, then one in ten seconds: the first was passed on above, or two if that took a second.
  let accepted = 0;
  let refused;
  for (; !refused && accepted < 8; accepted += refused ? 0 : 1) {
    const answer = await say(accepted);
    refused = refusal(answer);
  }
  check(refused?.code === 'RATE_LIMITED' && accepted >= 1 && accepted <= 3, () => `${accepted} were passed on, then ${quote(refused)}`);
  const sent = await ask(sockets[0], 'message:send', { roomId: rooms[0].id, content: 'done typing' });
  check(sent.ok, () => `who may not type may still send, but was answered ${quote(sent)}`);
  sockets.forEach((socket) => socket.disconnect());
}

/** A request of each dialect costs what an event costs; a refusal has the dialect's shape. */
export async function eventsOfDialects([here, there]) {
  const doors = { social: '/social/api/user/me', chatspace: '/chatspace/api/messages/users', heretics: '/heretics/api/auth/me', daylog: '/daylog/api/users' };
  for (const [dialect, path] of Object.entries(doors)) {
    doing(`using up a budget of events by requests in ${dialect}`);
    const user = await somebody(here);
    const since = Date.now();
    let answer;
    let taken = 0;
    // From an address of its own each, for addresses have a budget, too.
    for (; answer?.status !== 429; taken += answer.status === 200 ? 1 : 0) {
      answer = await request([here, there][taken % 2], 'GET', path, { token: user.token, headers: fromElsewhere() });
      check([200, 429].includes(answer.status), () => `${path} was answered ${answer.status} ${quote(answer.body)}`);
    }
    const most = 30 + Math.ceil((Date.now() - since) / 1_000);
    check(taken >= 30 && taken <= most, () => `${taken} requests were taken, of 30 to ${most}`);
    check(answer.body.message && !answer.body.code && Number(answer.headers.get('retry-after')) === 1, () => `one too many was answered ${quote(answer.body)}, Retry-After ${answer.headers.get('retry-after')}`);
    // What comes back in a second may be taken; the budget is one all the same.
    const native = () => request(there, 'GET', '/api/users/me', { token: user.token, headers: fromElsewhere() });
    const others = await Promise.all(Array.from({ length: 6 }, native));
    check(others.some((one) => refusal(one)?.code === 'RATE_LIMITED'), () => `the same user was answered ${quote(others.map(({ status }) => status))} in the native dialect`);
  }
}

export async function events([here, there]) {
  doing('using up a budget of events');
  const user = await somebody(here);
  const socket = await open(user, here);
  const event = () => ask(socket, 'presence:watch', { userIds: [] });
  const rest = () => request(there, 'GET', '/api/users/me', { token: user.token, headers: user.headers });
  // Thirty, then one a second; REST and what cannot be understood count, too.
  const unknown = async () => {
    const answer = await ask(socket, 'no:such:event', {});
    return answer.error?.code === 'UNKNOWN_EVENT' ? { ok: true } : answer;
  };
  const budget = fullBudget('events', 30, 1_000);
  await budget.useUp((number) => (number % 2 ? rest() : event()));
  await budget.useUp(unknown);
  await comesBack('events', await budget.useUp(event), event);
  socket.disconnect();
}
