// Presence that is shown unasked follows the members of groups: who is added is seen by the sockets that are there, and
// sees them; who is removed is seen no more. Nobody connects anew for it.
//
//   node contacts.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { Heard } from './lib/dialect.mjs';
import { ask as rest, createGroup, presenceOf, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';
import { io } from 'socket.io-client';

const LIST = 'getOnlineUsers';
/** How a socket hears that somebody came, and went; one dialect tells the whole list each time. */
const WORDS = {
  social: ['user:online', 'user:offline'],
  heretics: ['user-online', 'user-offline'],
  daylog: ['user_online', 'user_offline'],
  chatspace: [LIST, LIST],
};
const DIALECTS = Object.keys(WORDS);

await scenario({ url: undefined, deadline: 90 }, async ({ url }) => {
  const [here, there] = [url[0], url.at(-1)];
  doing('connecting');
  const [ann, bob, carol] = await Promise.all([signUp(here, 'ann'), signUp(there, 'bob'), signUp(there, 'carol')]);
  const room = await createGroup(ann, [bob]);
  for (const one of [ann, bob, carol]) await arrive(one);
  await Promise.all([told(ann, bob, 1, 0), told(bob, ann, 1, 0)]);
  [ann, bob].forEach((one) => exactly(one, carol, 0, 0));

  doing('being added to a group');
  await rest(here, 'POST', `/api/rooms/${room.id}/members`, { token: ann.token, body: { userIds: [carol.id] } });
  await Promise.all([ann, bob].flatMap((one) => [told(one, carol, 1, 0), told(carol, one, 1, 0)]));

  doing('going, and coming back');
  leave(carol);
  await Promise.all([ann, bob].map((one) => told(one, carol, 1, 1)));
  await arrive(carol);
  await Promise.all([ann, bob].map((one) => told(one, carol, 2, 1)));

  doing('being removed');
  await rest(here, 'DELETE', `/api/rooms/${room.id}/members/${carol.id}`, { token: ann.token });
  // A list is what it is; there is no word for this where each coming and going is told.
  for (const one of [ann, bob]) await until(() => !one.heard.chatspace.of(LIST).at(-1).includes(carol.id), 'a list without Carol');
  leave(carol);
  const online = async () => (await presenceOf(ann, carol, here)).online;
  await until(async () => !(await online()), 'Carol to be away');
  await arrive(carol);
  await until(online, 'Carol to be back');
  // What is told of Bob comes after whatever had been told of Carol.
  leave(bob);
  await told(ann, bob, 1, 1);
  const [came, went] = spells(ann.heard.chatspace, 'chatspace', carol);
  check(came === 2 && went === 2, () => `the lists had Carol ${came} times, and lost her ${went} times`);
  for (const dialect of DIALECTS.filter((one) => one !== 'chatspace')) {
    check(quote(spells(ann.heard[dialect], dialect, carol)) === '[2,1]', () => `in ${dialect} Ann was told of a stranger: ${quote(ann.heard[dialect].all)}`);
    check(quote(spells(carol.heard[dialect], dialect, ann)) === '[0,0]', () => `in ${dialect} a stranger was told of Ann`);
  }
});

/** A socket in each dialect, which has been told who is online. */
async function arrive(one) {
  one.heard = {};
  for (const dialect of DIALECTS) one.heard[dialect] = new Heard(`${one.username} in ${dialect}`, io(`${one.url}/${dialect}`, { auth: { token: one.token }, forceNew: true }));
  const { chatspace, heretics, daylog, social } = one.heard;
  await until(() => chatspace.of(LIST).length && heretics.of('online-users').length && daylog.of('online_users').length && social.socket.connected, () => `${one.username} to be told who is online`);
}

function leave(one) {
  Object.values(one.heard).forEach(({ socket }) => socket.disconnect());
}

/** How often a socket was told that somebody came, and went. */
function spells(heard, dialect, { id }) {
  if (dialect === 'chatspace') {
    const lists = heard.of(LIST).map((ids) => ids.includes(id));
    const turns = (to) => lists.filter((now, at) => now === to && (lists[at - 1] ?? false) !== to).length;
    return [turns(true), turns(false)];
  }
  const [coming, going] = WORDS[dialect].map((event) => heard.of(event, ({ userId }) => userId === id).length);
  // Those who are online when one connects come as a list, or one by one.
  const [first] = [...heard.of('online_users'), ...heard.of('online-users').map(({ userIds }) => userIds)];
  return [coming + (first?.includes(id) ? 1 : 0), going];
}

/** Waits until each socket of somebody was told so often that another one came, and went. */
async function told(one, other, came, went) {
  const all = () => DIALECTS.map((dialect) => spells(one.heard[dialect], dialect, other));
  const enough = () => all().every(([coming, going]) => coming >= came && going >= went);
  await until(enough, () => `${one.username} to be told ${came} times that ${other.username} came and ${went} times that they went, told were ${quote(all())}`);
  exactly(one, other, came, went);
}

function exactly(one, other, came, went) {
  for (const dialect of DIALECTS) {
    const found = spells(one.heard[dialect], dialect, other);
    check(quote(found) === `[${came},${went}]`, () => `in ${dialect} ${one.username} was told of ${other.username} ${quote(found)} times instead of ${came} and ${went}`);
  }
}
