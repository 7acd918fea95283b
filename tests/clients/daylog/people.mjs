// People with the client of seed 003 in a browser page, or with bare sockets, and what they are shown.

import { Heard, open, person } from '../lib/dialect.mjs';
import { openPage } from '../lib/page.mjs';
import { check, quote } from '../lib/scenario.mjs';
import { either, flag, id, nothing, shaped, text, time, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { openApp } from './client.mjs';

export const USER = { _id: id, username: words };
export const MESSAGE = { _id: id, sender: id, receiver: id, content: text, isRead: flag, readAt: either(null, time), createdAt: time, updatedAt: time };

/** A browser page of somebody who has not logged in. */
export function visitor(name, url, prefix) {
  return show({ name, prefix, server: url + prefix, page: openPage(url) });
}

async function show(one) {
  const shown = { ...one, sockets: [] };
  shown.app = openApp(one.page, one.server, (socket) => shown.sockets.push(new Heard(one.name, socket)));
  await one.page.find('#signed-out');
  return shown;
}

/** Somebody who has just registered, and whose page is connected. */
export async function member(name, url, prefix) {
  const { userName: username, email, password } = person(name);
  const one = await visitor(name, url, prefix);
  const { status, body } = await one.app.auth.register({ username, email, password });
  check(status === 201, () => `registering was answered ${status} ${quote(body)}`);
  shaped(body, { user: { ...USER, username, email, password: nothing }, accessToken: words, refreshToken: nothing }, 'the answer to registering');
  await connected(one);
  return Object.assign(one, { id: body.user._id, form: { username, email, password }, token: body.accessToken });
}

export const ears = ({ sockets }) => sockets.at(-1);

/** Connected, and told who is online. */
export async function connected(one) {
  await one.page.find('#app');
  await until(() => ears(one)?.of('online_users').length && ears(one).socket.connected, () => `${one.name} to be told who is online`);
}

/** The page again, as after F5: only the cookie is left. */
export function refreshed(one) {
  one.page.close();
  return reopened(one);
}

export async function reopened(one) {
  const again = await show(one);
  const { status, body } = await again.app.auth.refresh();
  check(status === 200, () => `refreshing was answered ${status} ${quote(body)}`);
  return Object.assign(again, { token: body.accessToken });
}

/**
 * Another tab of somebody, or another device: a bare socket that was told who is online. Messages come from the moment
 * at which it is connected, what is read or typed from this one on.
 */
export async function tab(name, one, server = one.server) {
  const socket = await open(name, server, { auth: { token: one.token } });
  await socket.heard.once('online_users');
  return socket;
}

/** The cookie with the refresh token, of whatever name. */
export const cookie = ({ page, prefix }) => page.cookies(`${prefix}/api/auth/refresh`)[0];

export async function history(one, other) {
  const { status, body } = await one.app.api('GET', `/messages/${other.id}`);
  check(status === 200, () => `the messages were answered ${status} ${quote(body)}`);
  const messages = body.messages ?? body;
  check(Array.isArray(messages), () => `the messages are ${quote(body)}`);
  messages.forEach((message) => shaped(message, MESSAGE, 'a message'));
  return messages;
}

/** What came of a send that cannot be: an ack with an error, or an event `error`. */
export async function refusedSend(socket, payload) {
  const before = socket.heard.of('error').length;
  let answer;
  socket.emit('send_message', payload, (given) => { answer = given; });
  await until(() => answer !== undefined || socket.heard.of('error').length > before, () => `an answer to ${quote(payload)}`);
  const error = answer?.error ?? socket.heard.of('error').at(-1);
  check(words(error) || words(error?.message), () => `${quote(payload)} was answered ${quote(answer ?? error)}`);
}
