// People with the client of seed 001 in a browser page, or with bare sockets, and what they are shown.

import { Heard, open, person } from '../lib/dialect.mjs';
import { openPage } from '../lib/page.mjs';
import { check, quote } from '../lib/scenario.mjs';
import { flag, id, shaped, text, time, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { request } from '../lib/rest.mjs';
import { openApp } from './client.mjs';

export const USER = { _id: id, fullName: words, profilePic: text };
export const MESSAGE = { _id: id, senderId: id, receiverId: id, text, image: text, seen: flag, createdAt: time };
export const FAILURE = { success: false, message: words };

/** A browser page of somebody who has not logged in; its storage may be another than the page's. */
export function visitor(name, url, prefix, localStorage) {
  const page = openPage(url);
  const sockets = [];
  const logins = [];
  const app = openApp(page, url + prefix, {
    onSocket: (socket) => sockets.push(new Heard(name, socket)),
    onLogin: (attempt) => logins.push(attempt),
    localStorage: localStorage ?? page.localStorage,
  });
  return { name, server: url + prefix, sockets, logins, ...app };
}

/** Fills in the form; `fullName` makes it a sign-up. Answers what `login` does. */
export async function logIn({ page, logins }, form) {
  const before = logins.length;
  for (const [field, value] of Object.entries(form)) await page.type(`#${field}`, value);
  await page.submit('#login');
  await until(() => logins.length > before, 'the form to be sent');
  return logins.at(-1);
}

/** Somebody who has just signed up, and whose page is connected. */
export async function member(name, url, prefix, fullName = `${name} Example`) {
  const { email, password } = person(name);
  const one = visitor(name, url, prefix);
  const { success, user, message } = await logIn(one, { fullName, email, password });
  check(success, () => `signing up was answered ${quote(message)}`);
  await connected(one);
  return Object.assign(one, { id: user._id, user, form: { fullName, email, password }, token: one.page.localStorage.getItem('token') });
}

export const ears = ({ sockets }) => sockets.at(-1);

/** Connected, and told who is online. */
export async function connected(one) {
  await one.page.find('#app');
  await until(() => ears(one)?.of('getOnlineUsers').length, () => `${one.name} to be told who is online`);
}

/** Another tab of somebody, or another device: a bare socket. */
export const tab = (name, one, server = one.server) => open(name, server, { auth: { token: one.token } });

/** The REST side, as somebody. */
export const api = (one, method, path, body) => request(one.server, method, `/api${path}`, { token: one.token, body });

export async function send(one, other, said) {
  const answer = await api(one, 'POST', `/messages/send/${other.id}`, { text: said });
  check(answer.status === 201, () => `sending was answered ${answer.status} ${quote(answer.body)}`);
  const sent = { success: true, newMessage: { ...MESSAGE, senderId: one.id, receiverId: other.id, text: said, image: '', seen: false } };
  return shaped(answer.body, sent, 'the answer to a message').newMessage;
}

export async function refused(what, promise, ...statuses) {
  const { status, body } = await promise;
  check(statuses.includes(status), () => `${what} was answered ${status} ${quote(body)}`);
  return shaped(body, FAILURE, `the answer to ${what}`);
}

/** The lists of who is online that a connection was told, and what has to hold of each of them. */
export function lists(heard) {
  const told = heard.of('getOnlineUsers');
  told.forEach((ids) => {
    check(Array.isArray(ids) && ids.every(id) && new Set(ids).size === ids.length, () => `getOnlineUsers came with ${quote(ids)}`);
  });
  const sorted = told.map((ids) => [...ids].sort().join());
  check(sorted.every((one, at) => one !== sorted[at - 1]), () => `the same list came twice in a row: ${quote(told)}`);
  return told;
}

/** Waits until the newest list that `heard` was told has, or has not, somebody in it. */
export const sees = (heard, { id: other, name }, online) => until(() => lists(heard).at(-1)?.includes(other) === online, () => `${heard.name} to see ${name} ${online ? 'online' : 'offline'}, it saw ${quote(heard.of('getOnlineUsers'))}`);
