// The documents against the servers: what they name is there, and what they do not name would be noticed.
//
//   node contract.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { Contract, contract } from './lib/contract.mjs';
import { createGroup, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { ask, connect, send } from './lib/socket.mjs';

const NOBODY = 'f'.repeat(24);
// As AsyncAPI publishes it; without ids, because Ajv knows the schema of schemas already.
const ASYNCAPI = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json');

/** The document of the events is what AsyncAPI calls one. (Who reads the other one, schemathesis and Swagger UI, is strict by itself.) */
function isWellFormed(asyncapi) {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(ASYNCAPI);
  check(validate(asyncapi), () => `/asyncapi.json is not AsyncAPI: ${quote(validate.errors)}`);
  check(!validate({ ...asyncapi, channels: [] }), 'the schema of AsyncAPI takes anything');
}

/** Every documented operation is routed: it is done, or refused for a reason of its own. */
async function operations({ paths }, user) {
  let count = 0;
  for (const [path, item] of Object.entries(paths)) {
    for (const method of Object.keys(item)) {
      const { status, body } = await request(user.url, method.toUpperCase(), path.replace(/\{\w+\}/g, NOBODY), { token: user.token });
      check(status !== 405 && body?.code !== 'ROUTE_NOT_FOUND', () => `${method} ${path} is in the document, and was answered ${quote(body)}`);
      count += 1;
    }
  }
  return count;
}

/** Every documented event is understood, and wants an object. */
async function events({ components }, socket) {
  const names = Object.entries(components.messages).filter(([key]) => key.startsWith('say.')).map(([, { name }]) => name);
  for (const name of names) {
    const { error } = await ask(socket, name, {});
    check(error?.code !== 'UNKNOWN_EVENT', () => `${name} is in the document, and is not known`);
    const list = await ask(socket, name, []);
    check(list.error?.code === 'PAYLOAD_UNREADABLE', () => `${name} took a list for an object: ${quote(list)}`);
  }
  const unknown = await ask(socket, 'room:explode', {});
  check(unknown.error?.code === 'UNKNOWN_EVENT', () => `an event that is not in the document was answered ${quote(unknown)}`);
  return names.length;
}

/** What a doctored answer is called, and what a contract says to it. */
function doctored({ openapi, asyncapi }, path, room, message) {
  const { unread, ...less } = room;
  const answered = (body, { status = 200, type = 'application/json' } = {}) => (one) => one.answered('GET', path, { status, type, body });
  const refusal = { ok: false, error: { code: 'ROOM_NOT_FOUND', message: 'there is no such room', traceId: '' } };
  const good = {
    'a room': answered(room),
    'a message': (one) => one.heard('message:receive', [message]),
    'an acknowledgement': (one) => one.acknowledged('message:send', { ok: true, message }),
    'a refusal': (one) => one.acknowledged('message:send', refusal),
  };
  const bad = {
    'a property too many': answered({ ...room, colour: 'red' }),
    'a property too few': answered(less),
    'a number as a text': answered({ ...room, unread: String(unread) }),
    'a null': answered({ ...room, unread: null }),
    'a property too many, far within': answered({ ...room, lastMessage: { ...message, sender: { ...message.sender, age: 7 } } }),
    'a role that does not exist': answered({ ...room, role: 'king' }),
    'a status that is not documented': answered(room, { status: 206 }),
    'another media type': answered(room, { type: 'text/plain' }),
    'a problem that is none': answered({ error: 'no' }, { status: 404, type: 'application/problem+json' }),
    'a route that is not documented': (one) => one.answered('GET', '/api/teapots', { status: 200, type: 'application/json', body: {} }),
    'an event that is not documented': (one) => one.heard('room:exploded', [{}]),
    'an event with two arguments': (one) => one.heard('message:receive', [message, message]),
    'an event of another shape': (one) => one.heard('typing', [message]),
    'an acknowledgement with more': (one) => one.acknowledged('message:send', { ok: true, message, more: 1 }),
    'an acknowledgement with less': (one) => one.acknowledged('message:send', { ok: true }),
    'a refusal without a reason': (one) => one.acknowledged('message:send', { ok: false }),
  };
  const breaches = (what) => {
    const one = new Contract(openapi, asyncapi);
    what(one);
    return one.breaches;
  };
  for (const [name, what] of Object.entries(good)) check(!breaches(what).length, () => `${name} was taken for a breach: ${breaches(what)}`);
  for (const [name, what] of Object.entries(bad)) check(breaches(what).length === 1, () => `${name} was not noticed`);
  return Object.keys(bad).length;
}

await scenario({ url: undefined }, async ({ url }) => {
  const user = await signUp(url[0], 'ada');
  const socket = await connect(user, { url: url.at(-1) });
  isWellFormed(contract().asyncapi);
  doing('asking for every operation');
  const routes = await operations(contract().openapi, user);
  doing('saying every event');
  const said = await events(contract().asyncapi, socket);
  doing('doctoring answers');
  const { id } = await createGroup(user, []);
  const message = await send(socket, { roomId: id, content: 'hello' });
  const { body: room } = await request(user.url, 'GET', `/api/rooms/${id}`, { token: user.token });
  const noticed = doctored(contract(), `/api/rooms/${id}`, room, message);
  socket.disconnect();
  return { routes, said, noticed };
});
