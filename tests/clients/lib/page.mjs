// A page of a browser in Node: a window, cookies and storage of its own, and React to draw in it.

import { JSDOM } from 'jsdom';
import { check } from './scenario.mjs';
import { until } from './wait.mjs';

const TIMEOUT_MS = 30_000;

// React wants a window when it is loaded. Each page then has its own.
globalThis.window = new JSDOM('', { url: 'http://localhost' }).window;
globalThis.document = window.document;
// Node has one itself from 21 on.
globalThis.navigator ??= window.navigator;
const { createRoot } = await import('react-dom/client');

/** A page at `url`, which is also where its `fetch` looks for paths. */
export function openPage(url) {
  const dom = new JSDOM('<!doctype html><div id="root"></div>', { url });
  const { window: own } = dom;
  const jar = dom.cookieJar;
  let root;
  const page = {
    document: own.document,
    localStorage: own.localStorage,

    /** What js-cookie does: the cookies that a script may see. */
    Cookies: {
      get: (name) => own.document.cookie.split('; ').find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1),
    },

    /** All cookies for a path, those hidden from scripts included. */
    cookies: (path) => jar.getCookiesSync(url + path),

    /** As in a browser with `credentials: 'include'`: cookies go along and are kept. */
    async fetch(path, { headers = {}, ...init } = {}) {
      const target = url + path;
      const cookie = jar.getCookieStringSync(target);
      const response = await fetch(target, {
        ...init,
        headers: { ...(cookie && { cookie }), origin: own.location.origin, ...headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      response.headers.getSetCookie().forEach((one) => jar.setCookieSync(one, target));
      return response;
    },

    render(element) {
      root ??= createRoot(own.document.getElementById('root'));
      root.render(element);
    },

    /** The first element of a CSS selector, once it is there. */
    find: (selector) => until(() => own.document.querySelector(selector), () => `${selector} on the page, which shows ${page.text()}`),

    all: (selector) => [...own.document.querySelectorAll(selector)],

    text: () => own.document.body.textContent,

    /** What a person does at a keyboard: React listens to the event, and compares with the value it had set. */
    async type(selector, text) {
      const input = await page.find(selector);
      Object.getOwnPropertyDescriptor(own.HTMLInputElement.prototype, 'value').set.call(input, text);
      input.dispatchEvent(new own.Event('input', { bubbles: true }));
    },

    async submit(selector) {
      const form = await page.find(selector);
      form.dispatchEvent(new own.Event('submit', { bubbles: true, cancelable: true }));
    },

    async click(selector) {
      (await page.find(selector)).dispatchEvent(new own.MouseEvent('click', { bubbles: true }));
    },

    /** Leaving the page: effects are cleaned up. */
    close() {
      check(root, 'a page is closed that shows nothing');
      root.unmount();
      root = undefined;
    },
  };
  return page;
}

/** An API that speaks JSON, as each of the pages writes one: answers `{status, body}`. */
export async function json(page, method, path, body, headers = {}) {
  const response = await page.fetch(path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, body: isJson && text ? JSON.parse(text) : text };
}
