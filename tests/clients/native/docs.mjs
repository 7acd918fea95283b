// Seed 004, section 13: the documents of the API, served.
//
//   node native/docs.mjs --url http://127.0.0.1:8080 [--prefix ""]

import { nobody } from '../lib/dialect.mjs';
import { request } from '../lib/rest.mjs';
import { check, doing, scenario } from '../lib/scenario.mjs';
import { shaped, words } from '../lib/shape.mjs';

const ROUTES = ['/api/auth/signup', '/api/auth/login', '/api/auth/refresh', '/api/users/{id}', '/api/users/{id}/presence', '/api/rooms/{id}/messages'];

await scenario({ url: undefined, prefix: '' }, async ({ url: [url], prefix }) => {
  doing('Serve at `/docs`');
  const page = await fetch(`${url}/docs`);
  check(page.ok && page.headers.get('content-type').includes('html'), () => `/docs was answered ${page.status}`);

  doing('Document REST endpoints, models and auth header');
  const { body } = await request(url, 'GET', '/openapi.json');
  shaped(body, { openapi: words, info: { title: words }, components: { securitySchemes: (schemes) => Object.values(schemes).some(({ scheme }) => scheme === 'bearer') } }, 'the document');
  // Parameters may have any name.
  const paths = new Set(Object.keys(body.paths).map((path) => path.replace(/\{[^}]+\}/g, '{id}')));
  ROUTES.forEach((route) => check(paths.has(route), `${route} is not documented`));
  const there = await request(url + prefix, 'GET', `/api/users/${nobody()}`);
  check(there.status === 401, () => `a route of the document was answered ${there.status} without a token`);

  doing('a document for each dialect');
  const { body: contents } = await request(url, 'GET', '/docs/dialects');
  for (const dialect of ['native', 'social', 'chatspace', 'heretics', 'daylog']) {
    check(contents.includes(`/docs/dialects/${dialect}`), `${dialect} is not among the dialects`);
    const { status, type, body: document } = await request(url, 'GET', `/docs/dialects/${dialect}`);
    check(status === 200 && type.startsWith('text/markdown'), () => `the document of ${dialect} was answered ${status} as ${type}`);
    for (const part of ['## What maps to what', '## Where Confab differs from the seed, and why']) check(document.includes(part), `the document of ${dialect} has no ${part}`);
  }

  doing('Document the events');
  const events = await request(url, 'GET', '/asyncapi.json');
  shaped(events, { status: 200, body: { asyncapi: words } }, 'the events');
});
