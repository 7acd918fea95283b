// What a value has to look like: the keys that a document shows, with their kinds; more keys are allowed.

import { isDeepStrictEqual } from 'node:util';
import { check, quote } from './scenario.mjs';

export const id = (value) => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);
export const text = (value) => typeof value === 'string';
export const words = (value) => typeof value === 'string' && value.trim() !== '';
export const flag = (value) => typeof value === 'boolean';
export const count = (value) => Number.isInteger(value) && value >= 0;
export const time = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value));
export const nothing = (value) => value === null || value === undefined;
export const either = (...kinds) => (value) => kinds.some((kind) => fits(value, kind));
export const list = (kind) => (value) => Array.isArray(value) && value.every((one) => fits(one, kind));

/** A kind is a function, an array of kinds, an object of kinds by key, or the value itself. */
function fits(value, kind) {
  if (typeof kind === 'function') return kind(value);
  if (kind === null || typeof kind !== 'object') return isDeepStrictEqual(value, kind);
  if (Array.isArray(kind)) return Array.isArray(value) && value.length === kind.length && kind.every((inner, at) => fits(value[at], inner));
  return value !== null && typeof value === 'object' && Object.entries(kind).every(([key, inner]) => fits(value[key], inner));
}

/** Checks, and answers the value. */
export function shaped(value, kind, what) {
  check(fits(value, kind), () => `${what} is ${quote(value)}${wrong(value, kind)}`);
  return value;
}

function wrong(value, kind) {
  if (typeof kind !== 'object' || kind === null || typeof value !== 'object' || value === null) return '';
  const keys = Object.keys(kind).filter((key) => !fits(value[key], kind[key]));
  return `, which is wrong in ${keys.join(', ')}`;
}

/** Equal in all, for what is said to be exactly so. */
export function same(value, expected, what) {
  check(isDeepStrictEqual(value, expected), () => `${what} is ${quote(value)} instead of ${quote(expected)}`);
  return value;
}
