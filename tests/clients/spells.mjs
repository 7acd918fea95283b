// Who begins to type and stops at once is heard so on other gateways, and in that order: else they would seem to type on.
//
//   node spells.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { Heard } from './lib/dialect.mjs';
import { createGroup, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { inParallel, until } from './lib/wait.mjs';
import { io } from 'socket.io-client';

/** A spell is passed on once in a while in one room. */
const ROOMS = 60;

await scenario({ url: undefined }, async ({ url }) => {
  const [ann, bob] = await Promise.all([signUp(url[0], 'ann'), signUp(url.at(-1), 'bob')]);
  const rooms = await inParallel(8, Array.from({ length: ROOMS }), () => createGroup(ann, [bob]));
  // In this dialect a spell that nobody ends lasts a minute.
  const [anns, bobs] = [ann, bob].map((one) => new Heard(one.username, io(`${one.url}/heretics`, { auth: { token: one.token }, transports: ['websocket'] })));
  for (const heard of [anns, bobs]) await heard.once('online-users');

  doing('typing and stopping in each room');
  for (const { id: chatId } of rooms) anns.socket.emit('typing', { chatId, isTyping: true }).emit('typing', { chatId, isTyping: false });
  const spells = () => rooms.map((room) => bobs.of('typing', ({ chatId }) => chatId === room.id).map(({ isTyping }) => isTyping));
  const wrong = () => spells().filter((spell) => quote(spell) !== '[true,false]');
  await until(() => wrong().length === 0, () => `a spell in each of ${ROOMS} rooms, wrong are ${quote(wrong())}`);
  check(anns.of('typing').length === 0, 'the typist was told');
  return { rooms: ROOMS };
});
