// What servers say, held against what their documents promise: /openapi.json for REST, /asyncapi.json for events.

import Ajv from 'ajv/dist/2020.js';

const BREACHES_KEPT = 20;
const TIMEOUT_MS = 30_000;
/** What the documents speak of: pages and probes are nobody's contract. */
const COVERED = /^\/(api|\.well-known)\//;

const escaped = (key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
const pointer = (document, ...keys) => `${document}#/${keys.map(escaped).join('/')}`;

/** Closes each object: a property that the document does not name is a breach. */
function close(schema) {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(close);
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  const isObject = closed.type === 'object' || closed.type?.includes?.('object');
  if (isObject && closed.properties && closed.additionalProperties === undefined) closed.additionalProperties = false;
  return closed;
}

/** A path of the document as a pattern; `/api/users/me` goes before `/api/users/{id}`. */
const patternOf = (path) => ({ path, pattern: new RegExp(`^${path.replace(/[.]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`) });
const byParameters = (one, other) => one.path.split('{').length - other.path.split('{').length;

/** The documents are those of the native dialect: clients of others speak in other words. */
const SPEAKS_ANOTHER = /\/(social|chatspace|heretics|daylog)\/[^/]+$/.test(process.argv[1] ?? '');

export class Contract {
  breaches = [];
  /** How many things were held against the documents. */
  checked = 0;
  #validators = new Map();

  constructor(openapi, asyncapi) {
    this.openapi = openapi;
    this.asyncapi = asyncapi;
    const bits = (count) => ({ type: 'number', validate: (number) => Number.isInteger(number) && Math.abs(number) <= 2 ** count });
    const formats = { int32: bits(31), int64: bits(63), 'date-time': (text) => !Number.isNaN(Date.parse(text)) };
    this.ajv = new Ajv({ strict: false, formats });
    this.ajv.addSchema({ $id: 'openapi', ...close(openapi) });
    this.ajv.addSchema({ $id: 'asyncapi', ...close(asyncapi) });
    this.paths = Object.keys(openapi.paths).map(patternOf).sort(byParameters);
  }

  /** An answer to a request. */
  answered(method, target, { status, type, body }) {
    if (SPEAKS_ANOTHER) return;
    const [path] = target.split('?');
    if (!COVERED.test(path)) return;
    this.checked += 1;
    const known = this.paths.find(({ pattern }) => pattern.test(path));
    const operation = known && this.openapi.paths[known.path][method.toLowerCase()];
    const what = `${method} ${known?.path ?? path} with ${status}`;
    if (!operation) {
      if (status < 400) this.#breach(`${what}, which is not in the document`, body);
      return;
    }
    const response = operation.responses[status];
    if (!response) return void this.#breach(`${what}, a status that is not in the document`, body);
    const types = Object.keys(response.content ?? {});
    if (!types.length) return void (body === '' || this.#breach(`${what} and a body`, body));
    // Bytes, of whatever type.
    if (types.includes('*/*')) return;
    const [mime] = type.split(';');
    if (!types.includes(mime)) return void this.#breach(`${what} as ${mime}, not ${types}`, body);
    this.#hold(what, pointer('openapi', 'paths', known.path, method.toLowerCase(), 'responses', String(status), 'content', mime, 'schema'), body);
  }

  /** An event that came. */
  heard(name, args) {
    this.#message('hear', name, args[0]);
    if (args.length !== 1) this.#breach(`${name} with ${args.length} arguments`, args);
  }

  /** An acknowledgement that came. What nobody promises to understand is refused, and not in the document. */
  acknowledged(name, answer) {
    if (`say.${name.replaceAll(':', '.')}` in this.asyncapi.components.messages) this.#message('ack', name, answer);
    else if (answer?.ok !== false) this.#breach(`an acknowledgement of ${name}, which is not in the document`, answer);
  }

  #message(direction, name, payload) {
    this.checked += 1;
    const key = `${direction}.${name.replaceAll(':', '.')}`;
    const what = `${direction} ${name}`;
    if (!(key in this.asyncapi.components.messages)) return void this.#breach(`${what}, which is not in the document`, payload);
    this.#hold(what, pointer('asyncapi', 'components', 'messages', key, 'payload'), payload);
  }

  #hold(what, reference, value) {
    if (!this.#validators.has(reference)) this.#validators.set(reference, this.ajv.compile({ $ref: reference }));
    const validate = this.#validators.get(reference);
    if (validate(value)) return;
    const reasons = validate.errors.map(({ instancePath, message, params }) => `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`);
    this.#breach(`${what}: ${reasons.slice(0, 3).join('; ')}`, value);
  }

  #breach(what, value) {
    if (this.breaches.length < BREACHES_KEPT) this.breaches.push(`the contract is broken: ${what}: ${JSON.stringify(value)?.slice(0, 600)}`);
  }
}

/** The contract of this run; none until a scenario has one. */
let current;

/** Reads the documents of the first gateway. From here on everything that the library's requests and sockets get is held against them. */
export async function signContract([url]) {
  const read = async (path) => (await fetch(url + path, { signal: AbortSignal.timeout(TIMEOUT_MS) })).json();
  current = new Contract(await read('/openapi.json'), await read('/asyncapi.json'));
  return current;
}

export const contract = () => current;

/** Holds all that a socket gets against the contract. */
export function watch(socket) {
  socket.onAny((event, ...args) => current?.heard(event, args));
  const emit = socket.emit.bind(socket);
  socket.emit = (event, ...args) => {
    const ack = args.at(-1);
    if (typeof ack === 'function') {
      const held = (...answers) => {
        const answer = answers.at(-1);
        if (answer !== undefined && !(answer instanceof Error)) current?.acknowledged(event, answer);
        ack(...answers);
      };
      // The library marks callbacks that want an error first.
      args[args.length - 1] = Object.assign(held, ack);
    }
    return emit(event, ...args);
  };
  return socket;
}
