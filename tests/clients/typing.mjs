// Typing reaches the other members, on every gateway, and nobody else.
//
//   node typing.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { createGroup, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';
import { until } from './lib/wait.mjs';

await scenario({ url: undefined }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [alice, bob, carol, mallory] = await Promise.all(['alice', 'bob', 'carol', 'mallory'].map((name) => signUp(here, name)));
  const room = await createGroup(alice, [bob, carol]);
  const heard = {};
  const messages = {};
  const listen = (name) => (socket) => {
    heard[name] = [];
    messages[name] = [];
    socket.on('typing', (event) => heard[name].push(event));
    socket.on('message:receive', (event) => messages[name].push(event));
  };
  const open = (name, user, at) => connect(user, { url: at, transports: 'websocket', prepare: listen(name) });
  const [typist] = await Promise.all([
    open('typist', alice, here), open('bob here', bob, here), open('bob there', bob, there), open('carol there', carol, there),
  ]);
  const outsider = await open('outsider', mallory, there);
  const others = ['bob here', 'bob there', 'carol there'];

  doing('typing');
  for (const isTyping of [true, false]) {
    const ack = await ask(typist, 'typing', { roomId: room.id, isTyping });
    check(ack.ok === true, () => `typing was answered ${quote(ack)}`);
    const count = isTyping ? 1 : 2;
    await until(() => others.every((name) => heard[name].length >= count), () => `the others to hear it: ${quote(heard)}`);
  }
  // Said again and again, as long as one types; once a second it is passed on, and a change is told once.
  const repeating = setInterval(() => typist.emit('typing', { roomId: room.id, isTyping: true }), 100);
  await until(() => others.every((name) => heard[name].length >= 3), 'typing without an ack to arrive');
  const repeatedUntil = Date.now() + 2_500;
  await until(() => Date.now() > repeatedUntil, 'it to be said again for some seconds');
  clearInterval(repeating);

  doing('typing from outside');
  const refused = await ask(outsider, 'typing', { roomId: room.id, isTyping: true });
  check(refused.ok === false && refused.error?.code === 'ROOM_NOT_FOUND', () => `typing from outside was answered ${quote(refused)}`);

  // What would have come wrongly has come before this.
  doing('sending');
  await send(typist, { roomId: room.id, content: 'done typing' });
  await until(() => [...others, 'typist'].every((name) => messages[name].length === 1), 'the message to arrive');
  for (const name of others) {
    // Sending a message ends it.
    const expected = [true, false, true, false].map((isTyping) => ({ roomId: room.id, userId: alice.id, isTyping }));
    check(JSON.stringify(heard[name].map(({ roomId, userId, isTyping }) => ({ roomId, userId, isTyping }))) === JSON.stringify(expected), () => `${name} heard ${quote(heard[name])}`);
  }
  check(heard.typist.length === 0, () => `the typist's own socket heard ${quote(heard.typist)}`);
  check(heard.outsider.length === 0 && messages.outsider.length === 0, () => `an outsider heard ${quote(heard.outsider)}`);

  doing('typing, and being heard of no more');
  await until(() => {
    typist.emit('typing', { roomId: room.id, isTyping: true });
    return others.every((name) => heard[name].length === 5);
  }, 'typing to be heard');
  await until(() => others.every((name) => heard[name].length === 6 && heard[name][5].isTyping === false), 'it to end by itself');
  await until(() => {
    typist.emit('typing', { roomId: room.id, isTyping: true });
    return others.every((name) => heard[name].length === 7);
  }, 'typing to be heard again');
  typist.disconnect();
  await until(() => others.every((name) => heard[name].length === 8 && heard[name][7].isTyping === false), 'it to end with the connection');
  return { heard: others.length };
});
