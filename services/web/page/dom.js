// Making elements, and keeping lists of them in step with data. Text only ever goes in as text.

export const byId = (id) => document.getElementById(id);

/** An element with attributes; `null` and `false` leave an attribute out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') {
      if (element.textContent !== value) element.textContent = value;
    } else if (value === null || value === undefined || value === false) {
      element.removeAttribute(name);
    } else if (element.getAttribute(name) !== String(value)) {
      element.setAttribute(name, value);
    }
  }
}

/**
 * Makes the children of `parent` be one per item, in order, reusing those that are there: an element that
 * did not change is not touched, so focus, selection and what a screen reader has read stay as they are.
 */
export function keepInStep(parent, items, { key, create, update }) {
  const had = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstChild;
  for (const item of items) {
    const name = key(item);
    let child = had.get(name);
    had.delete(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    update?.(child, item);
    if (child === at) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
  had.forEach((child) => child.remove());
}

const HUES = 8;

/** A round initial in a colour of its own, with a dot if the presence is known. */
export function paintAvatar(element, { id = '', name = '', online }) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  set(element, {
    class: `avatar hue-${sum % HUES}`,
    'data-initial': [...name.replace(/^[^\p{L}\p{N}]+/u, '')][0]?.toUpperCase() ?? '·',
    'data-online': online === undefined || online === null ? null : String(online),
  });
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

export const clock = (at) => time.format(new Date(at));

export function dayOf(at) {
  const day = new Date(at).toDateString();
  if (day === new Date().toDateString()) return 'Today';
  if (day === new Date(Date.now() - 86_400_000).toDateString()) return 'Yesterday';
  return weekday.format(new Date(at));
}

/** The time today, else the day. */
export const when = (at) => (dayOf(at) === 'Today' ? clock(at) : shortDay.format(new Date(at)));

export function ago(at) {
  const minutes = Math.round((Date.now() - new Date(at)) / 60_000);
  if (minutes < 1) return 'a moment ago';
  if (minutes < 60) return `${minutes} min ago`;
  return dayOf(at) === 'Today' ? `at ${clock(at)}` : `on ${shortDay.format(new Date(at))}`;
}
