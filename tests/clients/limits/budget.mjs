// Using a budget up, and waiting exactly as long as the server says.

import { randomBytes } from 'node:crypto';
import { request } from '../lib/rest.mjs';
import { check, quote } from '../lib/scenario.mjs';

let next = 1;

/** The headers of a client at an address of its own; the gateways trust the proxies of the tests. */
export function fromElsewhere() {
  next += 1;
  return { 'x-forwarded-for': `10.0.${next >> 8}.${next & 255}` };
}

/** What was refused, whether by an ack or by REST. */
export function refusal(answer) {
  if (answer?.ok === false) return answer.error;
  if (answer?.status === 429) return answer.body;
  return undefined;
}

/**
 * Calls `attempt(number)` until it is refused; that must be after `count`, and what came back meanwhile at one in
 * `everyMs`. Answers the last answer.
 */
export async function useUp(what, count, everyMs, attempt) {
  const begun = Date.now();
  for (let accepted = 0; ; accepted += 1) {
    const answer = await attempt(accepted);
    if (refusal(answer)) {
      const most = count + Math.ceil((Date.now() - begun) / everyMs);
      check(accepted >= count && accepted <= most, () => `${accepted} ${what} were taken, of ${count} to ${most}`);
      isTrue(what, answer, everyMs);
      return answer;
    }
    check(answer.ok === true || answer.status < 300, () => `${what}, number ${accepted}, were answered ${quote(answer.body ?? answer)}`);
  }
}

/** A refusal says what it is and when to come back, and in HTTP the headers say the same. */
function isTrue(what, answer, everyMs) {
  const { code, retryAfterMs } = refusal(answer);
  check(code === 'RATE_LIMITED', () => `too many ${what} were answered ${quote(answer)}`);
  check(Number.isInteger(retryAfterMs) && retryAfterMs > 0 && retryAfterMs <= everyMs, `one comes back in ${everyMs} ms, but retryAfterMs is ${retryAfterMs}`);
  if (answer.status !== 429) {
    check(refusal(answer).message && refusal(answer).traceId, () => `too many ${what} were answered ${quote(answer)}`);
    return;
  }
  const header = (name) => Number(answer.headers.get(name) ?? Number.NaN);
  check(answer.type.startsWith('application/problem+json'), `a refusal is ${answer.type}`);
  check(header('retry-after') === Math.ceil(retryAfterMs / 1000), `Retry-After is ${answer.headers.get('retry-after')}, retryAfterMs ${retryAfterMs}`);
  check(header('ratelimit-remaining') === 0 && header('ratelimit-limit') > 0 && header('ratelimit-reset') >= header('retry-after'), () => `the headers are ${quote(Object.fromEntries(answer.headers))}`);
}

/** Waits as long as the refusal says, which must be long enough for one, and no longer than needed. */
export async function comesBack(what, refused, attempt) {
  const { retryAfterMs } = refusal(refused);
  await new Promise((resolve) => { setTimeout(resolve, retryAfterMs); });
  const answer = await attempt();
  check(!refusal(answer), () => `after ${retryAfterMs} ms, ${what} were refused again: ${quote(refusal(answer))}`);
}

export const password = 'correct horse battery staple';

/** A sign-up from somewhere, whatever comes of it. */
export function signUpFrom(url, headers, username = `limited-${randomBytes(5).toString('hex')}`) {
  return request(url, 'POST', '/api/auth/signup', { headers, body: { username, email: `${username}@example.org`, password } });
}

/** Somebody at an address of their own. */
export async function somebody(url) {
  const headers = fromElsewhere();
  const { status, body } = await signUpFrom(url, headers);
  check(status === 201, () => `signing up was answered ${quote(body)}`);
  return { id: body.user.id, username: body.user.username, token: body.accessToken, refreshToken: body.refreshToken, url, headers };
}
