// The documents against the servers: what they name is there, and what they do not name would be noticed.
//
//   node contract.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { sayEverything } from './contract/events.mjs';
import { askForEverything } from './contract/routes.mjs';
import { Contract, contract } from './lib/contract.mjs';
import { createGroup, request, signUp } from './lib/rest.mjs';
import { check, doing, quote, scenario } from './lib/scenario.mjs';
import { connect, send } from './lib/socket.mjs';

// As AsyncAPI publishes it; without ids, because Ajv knows the schema of schemas already.
const ASYNCAPI = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json');

/** The document of the events is what AsyncAPI calls one. (Who reads the other one, schemathesis and Swagger UI, is strict by itself.) */
function isWellFormed(asyncapi) {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(ASYNCAPI);
  check(validate(asyncapi), () => `/asyncapi.json is not AsyncAPI: ${quote(validate.errors)}`);
  check(!validate({ ...asyncapi, channels: [] }), 'the schema of AsyncAPI takes anything');
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
  const { openapi, asyncapi } = contract();
  isWellFormed(asyncapi);
  doing('asking for every operation');
  const people = await Promise.all(['ada', 'ben', 'eve'].map((name) => signUp(url[0], name)));
  const routes = await askForEverything(openapi, people);
  doing('saying every event');
  const others = await Promise.all(['ada', 'ben', 'eve'].map((name) => signUp(url[0], name)));
  const events = await sayEverything(asyncapi, others, url.at(-1));
  doing('doctoring answers');
  const [ben] = people.slice(1);
  const socket = await connect(ben);
  const { id } = await createGroup(ben, []);
  const message = await send(socket, { roomId: id, content: 'hello' });
  const { body: room } = await request(ben.url, 'GET', `/api/rooms/${id}`, { token: ben.token });
  const noticed = doctored(contract(), `/api/rooms/${id}`, room, message);
  socket.disconnect();
  return { routes, events, noticed };
});
