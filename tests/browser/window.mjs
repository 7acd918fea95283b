// A browser window with the chat page in it, and what a person does there.

import { randomBytes } from 'node:crypto';

const PATIENCE_MS = 30_000;

/** Opens the page; `errors` are what its scripts throw, `complaints` also what the browser logs or what it asks of other hosts. */
export async function openWindow(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const { origin } = new URL(url);
  const [errors, complaints] = [[], []];
  page.on('pageerror', (error) => {
    errors.push(String(error));
    complaints.push(String(error));
  });
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  page.on('request', (request) => request.url().startsWith(origin) || complaints.push(`asks ${request.url()}`));
  const response = await page.goto(url);
  return { page, errors, complaints, headers: response.headers() };
}

/** Signs up somebody new and answers their username. */
export async function signUp(page, name) {
  const username = `${name}-${randomBytes(3).toString('hex')}`;
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'E-mail' }).fill(`${username}@example.org`);
  await page.getByLabel('Password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'New chat' }).waitFor();
  await page.locator('#banner').waitFor({ state: 'hidden' });
  return username;
}

/** In the dialog that is open: finds a person and clicks them. */
export async function choosePerson(page, username, query = username) {
  await page.getByLabel('Find people by username').fill(query);
  await page.getByRole('list', { name: 'People found' }).getByRole('button', { name: username }).click();
}

export async function startChat(page, username, query) {
  await page.getByRole('button', { name: 'New chat' }).click();
  await choosePerson(page, username, query);
  await page.getByRole('heading', { name: username }).waitFor();
}

export const draft = (page) => page.getByLabel('Message', { exact: true });

export async function say(page, text) {
  await draft(page).fill(text);
  await page.keyboard.press('Enter');
}

/** An entry in the list of conversations. */
export const conversation = (page, title) => page.locator('#rooms button', { has: page.locator('.title', { hasText: title }) });

/** The open conversation as it is on the screen: `[seq, text]` from top to bottom. */
export const shown = (page) => page.locator('.message').evaluateAll(
  (items) => items.map((item) => [Number(item.dataset.seq), item.querySelector('.text').textContent]),
);
