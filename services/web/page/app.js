// The door: sign up or log in, then hand over to the chat, until it ends.

import { Chat } from '/chat.js';
import { byId, set } from '/dom.js';
import { Screen } from '/screen.js';
import { Session } from '/session.js';

const gate = byId('gate');
const form = byId('gate-form');
const error = byId('gate-error');
// A code that begins like this belongs to the field on the right.
const FIELD_OF_CODE = { USERNAME: 'username', EMAIL: 'email', PASSWORD: 'password', CREDENTIALS: 'password', LOGIN: 'username' };

let mode = 'signup';

function show(wanted) {
  mode = wanted;
  const isSignUp = mode === 'signup';
  document.querySelectorAll('[data-mode]').forEach((button) => set(button, { 'aria-pressed': button.dataset.mode === mode }));
  form.querySelectorAll('[data-only]').forEach((field) => { field.hidden = field.dataset.only !== mode; });
  form.querySelector('[for=username]').textContent = isSignUp ? 'Username' : 'Username or e-mail';
  form.password.autocomplete = isSignUp ? 'new-password' : 'current-password';
  form.querySelector('[type=submit]').textContent = isSignUp ? 'Create account' : 'Log in';
  complain();
}

/** Shows what is wrong, beside the field it is about. */
function complain(message = '', field = undefined) {
  error.textContent = message;
  [...form.elements].forEach((input) => set(input, { 'aria-invalid': input.name && input.name === field ? 'true' : null }));
  if (field) form.elements[field].focus();
}

/** What can be known without asking the server, said in one sentence with the field's name. */
function mistake({ username, email, password }) {
  if (mode === 'login') {
    if (!username) return ['Please enter your username or e-mail.', 'username'];
    return password ? undefined : ['Please enter your password.', 'password'];
  }
  if (!/^[\w.-]{3,32}$/.test(username)) return ['A username has 3 to 32 letters, digits, or any of _ . -', 'username'];
  if (!/^\S+@\S+$/.test(email)) return ['Please enter an e-mail address.', 'email'];
  const bytes = new TextEncoder().encode(password).length;
  if (bytes < 8) return ['A password has at least 8 characters.', 'password'];
  if (bytes > 72) return ['This password is too long: at most 72 characters.', 'password'];
  return undefined;
}

async function enter() {
  const [username, email, password] = ['username', 'email', 'password'].map((name) => form[name].value);
  const entered = { username: username.trim(), email: email.trim(), password };
  const wrong = mistake(entered);
  if (wrong) return complain(...wrong);
  complain();
  const submit = form.querySelector('[type=submit]');
  submit.disabled = true;
  try {
    start(mode === 'signup'
      ? await Session.signUp(entered.username, entered.email, password)
      : await Session.logIn(entered.username, password));
    form.reset();
  } catch (problem) {
    complain(sentence(problem.message), FIELD_OF_CODE[problem.code?.split('_')[0]]);
  } finally {
    submit.disabled = false;
  }
  return undefined;
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1).replace(/([^.!?])$/, '$1.');

function start(session) {
  gate.hidden = true;
  const chat = new Chat(session);
  const screen = new Screen(chat);
  chat.addEventListener('end', ({ detail: why }) => {
    screen.close();
    knock('login');
    complain(why);
  });
}

function knock(wanted) {
  show(wanted);
  gate.hidden = false;
  form.username.focus();
}

document.querySelectorAll('[data-mode]').forEach((button) => button.addEventListener('click', () => show(button.dataset.mode)));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  enter();
});

const session = Session.restore();
if (session) start(session);
else knock('signup');
