// Guessing passwords: the guesser is held off, the owner is not.

import { request } from '../lib/rest.mjs';
import { check, doing, quote } from '../lib/scenario.mjs';
import { fromElsewhere, password, somebody } from './budget.mjs';

const HOUR_MS = 3_600_000;

export async function logins([here, there]) {
  const owner = await somebody(here);
  let turn = 0;
  const logIn = (headers, guess, username = owner.username) => {
    turn += 1;
    return request(turn % 2 ? here : there, 'POST', '/api/auth/login', { headers, body: { username, password: guess } });
  };
  const answers = async (what, answer, status) => {
    const { status: got, body } = await answer;
    check(got === status, () => `${what} was answered ${got}: ${quote(body)}`);
    if (status === 429) check(body.code === 'RATE_LIMITED' && body.retryAfterMs > 0 && body.retryAfterMs <= HOUR_MS, () => `${what} was answered ${quote(body)}`);
  };

  doing('logging in rightly, again and again');
  const home = fromElsewhere();
  for (let time = 0; time < 5; time += 1) await answers('the right password', logIn(home, password), 200);

  doing('guessing from one address');
  const guesser = fromElsewhere();
  for (let guess = 0; guess < 3; guess += 1) await answers('a wrong password', logIn(guesser, `guess ${guess}`), 401);
  await answers('a fourth guess', logIn(guesser, 'guess'), 429);
  await answers('the right one, where too many wrong ones came from', logIn(guesser, password), 429);
  await answers('the name in capitals', logIn(guesser, password, owner.username.toUpperCase()), 429);
  const newDevice = fromElsewhere();
  await answers('the right one from elsewhere', logIn(newDevice, password), 200);

  doing('guessing from many addresses');
  const another = fromElsewhere();
  for (let guess = 0; guess < 3; guess += 1) await answers('a wrong password', logIn(another, `guess ${guess}`), 401);
  // Six in all; from where the account was never logged in to there are no more guesses.
  await answers('a guess from a third address', logIn(fromElsewhere(), 'guess'), 429);
  await answers('the owner at home', logIn(home, password), 200);
  await answers('the owner at home, mistyping', logIn(home, 'mistyped'), 401);
  await answers('the owner at home, typing rightly', logIn(home, password), 200);

  doing('guessing all at once');
  const victim = await somebody(here);
  const crowd = fromElsewhere();
  const statuses = await Promise.all(Array.from({ length: 12 }, async (_, guess) => (await logIn(crowd, `guess ${guess}`, victim.username)).status));
  check(statuses.filter((status) => status === 401).length === 3 && statuses.filter((status) => status === 429).length === 9, () => `twelve guesses at once were answered ${quote(statuses)}`);

  doing("guessing with somebody's token");
  const change = (currentPassword) => request(here, 'POST', '/api/users/me/password', { token: victim.token, headers: crowd, body: { currentPassword, newPassword: 'another good one' } });
  for (let guess = 0; guess < 3; guess += 1) await answers('a wrong current password', change(`guess ${guess}`), 403);
  await answers('a fourth guess', change(password), 429);

  doing('logging in to many accounts from one address');
  const robot = fromElsewhere();
  const statusesOfRobot = [];
  for (let guess = 0; guess < 25; guess += 1) statusesOfRobot.push((await logIn(robot, 'guess', `nobody-${guess}`)).status);
  check(statusesOfRobot.slice(0, 15).every((status) => status === 401) && statusesOfRobot.includes(429), () => `many logins were answered ${quote(statusesOfRobot)}`);
}
