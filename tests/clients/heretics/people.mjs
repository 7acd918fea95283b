// People whom an external issuer knows, with the client of seed 002, and what they are shown.

import { randomBytes } from 'node:crypto';
import { Heard } from '../lib/dialect.mjs';
import { ask as rest } from '../lib/rest.mjs';
import { check, quote } from '../lib/scenario.mjs';
import { either, id, nothing, shaped, text, time, words } from '../lib/shape.mjs';
import { until } from '../lib/wait.mjs';
import { ChatClient } from './client.mjs';
import { startIssuer } from './issuer.mjs';

/** Long enough for a whole scenario. */
const TTL_SECONDS = 900;

export const USER = { _id: id, name: words, avatar: either(nothing, text) };
export const SENDER = { ...USER, email: either(nothing, text) };
export const MESSAGE = { _id: id, chat: id, sender: SENDER, text, createdAt: time };

/** What a scenario is told: where the issuer is, or the port to start one on. */
export const OPTIONS = { url: undefined, prefix: '/heretics', issuer: '', issuer_port: 0, audience: 'confab-tests' };

export async function issuers({ issuer, issuer_port: port }) {
  return issuer ? issuer.split(',') : [(await startIssuer(port)).url];
}

export const mint = (issuer, order) => rest(issuer, 'POST', '/token', { body: order });

export const subject = () => `user_2${randomBytes(13).toString('hex')}`;

/** Somebody whom the issuer knows; `claims` as Clerk or another provider would put them into a token. */
export function person(name, { issuer, audience, server, claims = {}, sub = subject(), alg = 'RS256' }) {
  const getToken = async () => (await mint(issuer, { claims: { sub, aud: audience, ...claims }, ttl: TTL_SECONDS, alg })).token;
  return { name, sub, claims, server, getToken };
}

/** The client of a person, connected and told who is online, with what it hears as `heard`. */
export async function arrive(one, server = one.server) {
  const client = new ChatClient(server, one.getToken);
  let heard;
  await client.connect((socket) => {
    heard = new Heard(one.name, socket);
  });
  await until(() => {
    check(client.errors.length === 0, () => `${one.name} was refused: ${client.errors}`);
    return heard.of('online-users').length > 0;
  }, `${one.name} to be told who is online`);
  return Object.assign(client, { heard, id: one.id, name: one.name });
}

/** Oneself, as the server knows one: made on first sight. */
export async function me(one) {
  const { status, body } = await new ChatClient(one.server, one.getToken).api('GET', '/auth/me');
  check(status === 200, () => `${one.name} asked who that is, and was answered ${status} ${quote(body)}`);
  return shaped(body, SENDER, 'oneself');
}

/** Several people at once, with their ids. */
export async function introduced(people) {
  for (const one of people) one.id = (await me(one))._id;
  return people;
}

/** The chat of two. */
export async function chatWith(client, other) {
  const { status, body } = await client.api('POST', `/chats/with/${other.id}`);
  check([200, 201].includes(status), () => `opening a chat was answered ${status} ${quote(body)}`);
  return shaped(body, { _id: id }, 'the chat');
}

export async function history(client, chatId) {
  const { status, body } = await client.api('GET', `/messages/chat/${chatId}`);
  check(status === 200 && Array.isArray(body), () => `the messages were answered ${status} ${quote(body)}`);
  body.forEach((one) => shaped(one, MESSAGE, 'a message'));
  return body;
}
