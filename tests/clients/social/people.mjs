// People with the client of seed 000 in a browser page, or with bare sockets, and what they are shown.

import { Heard, open, person } from '../lib/dialect.mjs';
import { openPage } from '../lib/page.mjs';
import { check, quote } from '../lib/scenario.mjs';
import { count, either, flag, id, list, nothing, shaped, text, time, words } from '../lib/shape.mjs';
import { ask } from '../lib/socket.mjs';
import { openApp } from './client.mjs';

export const USER = { _id: id, userName: words, profileImage: text };

export const MESSAGE = {
  _id: id,
  conversation: id,
  sender: USER,
  messageType: either('text', 'image', 'video', 'audio', 'file'),
  text,
  mediaUrl: either(null, text),
  mediaType: either(null, text),
  status: either('sending', 'sent', 'delivered', 'read'),
  readBy: list({ user: id, readAt: time }),
  deliveredTo: list({ user: id, deliveredAt: time }),
  replyTo: either(null, id),
  deleted: flag,
  deletedAt: either(null, time),
  createdAt: time,
  updatedAt: time,
};

export const CONVERSATION = { _id: id, participants: list(USER), isGroup: flag };

export const PAGE = { messages: list(MESSAGE), totalPages: count, currentPage: count, hasMore: flag };

/** A browser page of somebody who is not signed in yet. */
export function visitor(name, url, prefix) {
  const server = url + prefix;
  const page = openPage(url);
  const sockets = [];
  const app = openApp(page, server, (socket) => sockets.push(new Heard(name, socket)));
  return { name, server, sockets, ...app };
}

/** Somebody who has just signed up, and whose page is connected. */
export async function member(name, url, prefix) {
  const form = person(name);
  const one = visitor(name, url, prefix);
  const { status, body, userData } = await one.signUp(form);
  check(status === 201, () => `signing up was answered ${status} ${quote(body)}`);
  shaped(userData, { _id: id, name: form.name, userName: form.userName, email: form.email, profileImage: text, bio: text, password: nothing }, 'the user who signed up');
  await connected(one);
  return Object.assign(one, { form, id: userData._id, token: one.page.Cookies.get('token') });
}

export const connected = ({ page }) => page.find('#app[data-connected=true]');

/** The page again, as after F5: only cookies are left. */
export async function refreshed(one) {
  one.page.close();
  const sockets = [];
  const app = openApp(one.page, one.server, (socket) => sockets.push(new Heard(one.name, socket)));
  const again = { ...one, ...app, sockets };
  const status = await again.resume();
  check(status === 200, `coming back with the cookie was answered ${status}`);
  await connected(again);
  return again;
}

/** What the page's newest socket hears. */
export const ears = ({ sockets }) => sockets.at(-1);

/** Another tab of somebody, or another device: a bare socket. */
export const tab = (name, one, server = one.server) => open(name, server, { auth: { token: one.token } });

export async function joined(socket, conversationId) {
  const answer = await ask(socket, 'chat:join', { conversationId });
  check(answer.success === true && answer.error === undefined, () => `chat:join was answered ${quote(answer)}`);
  return socket;
}

/** The conversation of two. */
export async function pair(one, other) {
  const { status, body } = await one.api('POST', '/conversations', { participantId: other.id });
  check([200, 201].includes(status), () => `opening a conversation was answered ${status} ${quote(body)}`);
  return shaped(body, { ...CONVERSATION, isGroup: false }, 'the conversation of two');
}

export async function history(one, conversationId, query = 'page=1&limit=50') {
  const { status, body } = await one.api('GET', `/messages/${conversationId}?${query}`);
  check(status === 200, () => `the messages were answered ${status} ${quote(body)}`);
  return shaped(body, PAGE, 'a page of messages');
}
