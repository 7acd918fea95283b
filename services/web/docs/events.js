// Shows the AsyncAPI document of this server: what is said, what is heard, and the shapes of both.

const INDENT = '  ';

function element(tag, content = '', attributes = {}) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...[content].flat());
  return made;
}

/** A sentence, with what is between backticks as code. */
const prose = (text) => text.split('`').map((part, index) => (index % 2 ? element('code', part) : part));

/** A schema as one writes types: texts, and links to what has a name. */
function shape(schema, depth = 0) {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1);
    return [element('a', name, { href: `#${name}` })];
  }
  if (schema.oneOf) return schema.oneOf.flatMap((one, index) => [...(index ? [' | '] : []), ...shape(one, depth)]);
  if (schema.enum) return [schema.enum.map((word) => JSON.stringify(word)).join(' | ')];
  if (schema.properties) return fields(schema, depth);
  if (typeof schema.additionalProperties === 'object') return ['{ [id]: ', ...shape(schema.additionalProperties, depth), ' }'];
  if (schema.items) return [...shape(schema.items, depth), '[]'];
  return [[schema.type ?? 'anything'].flat().join(' | ') + bounds(schema)];
}

function fields({ properties, required = [] }, depth) {
  const inner = INDENT.repeat(depth + 1);
  const lines = Object.entries(properties).flatMap(([name, property]) => [
    `${inner}${name}${required.includes(name) ? '' : '?'}: `,
    ...shape(property, depth + 1),
    property.description ? `   // ${property.description.replaceAll('\n', ' ')}\n` : '\n',
  ]);
  return lines.length ? ['{\n', ...lines, `${INDENT.repeat(depth)}}`] : ['{}'];
}

function bounds({ minimum, maximum, minLength, maxLength, format }) {
  const [least, most] = [minimum ?? minLength, maximum ?? maxLength];
  const range = least === undefined && most === undefined ? '' : ` (${least ?? ''}..${most ?? ''})`;
  return (format === 'date-time' ? ' (RFC 3339)' : '') + range;
}

function labelled(label, schema) {
  return [element('div', label, { className: 'label' }), element('pre', shape(schema))];
}

function event({ messages }, key) {
  const { name, summary, payload } = messages[key];
  const ack = messages[key.replace(/^say\./, 'ack.')];
  const answer = key.startsWith('say.') ? labelled('acknowledgement', ack.payload) : [];
  return element('article', [element('h3', name), element('p', prose(summary)), ...labelled('payload', payload), ...answer], { id: key });
}

const { info, components } = await (await fetch('/asyncapi.json')).json();
const keys = Object.keys(components.messages);
const section = (title, members) => [element('h2', title), ...members];
document.querySelector('#about').append(...prose(info.description));
document.querySelector('main').append(
  ...section('Connecting', [event(components, 'connect')]),
  ...section('What a client says', keys.filter((key) => key.startsWith('say.')).map((key) => event(components, key))),
  ...section('What a client hears', keys.filter((key) => key.startsWith('hear.')).map((key) => event(components, key))),
  ...section('Shapes', Object.entries(components.schemas).map(([name, schema]) => element(
    'article', [element('h3', name), element('p', prose(schema.description ?? '')), element('pre', shape(schema))], { id: name },
  ))),
);
