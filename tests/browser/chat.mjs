// The page in two windows, each on its own gateway: two people sign up, meet, and chat.
//
//   node tests/browser/chat.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401 --screenshots target/screenshots

import { join } from 'node:path';
import { choosePerson, conversation, draft, openWindow, say, shown, signUp, startChat } from './window.mjs';
import { launch } from '../clients/lib/browser.mjs';
import { check, doing, quote, scenario } from '../clients/lib/scenario.mjs';

const EACH = 10;

await scenario({ url: undefined, screenshots: '', chromium: '/usr/bin/chromium', deadline: 120 }, async ({ url, screenshots, chromium }) => {
  const picture = (page, name) => screenshots && page.screenshot({ path: join(screenshots, `${name}.png`) });

  doing('opening two windows on two gateways');
  const browser = await launch(chromium);
  const windows = [await openWindow(browser, url[0], { colorScheme: 'light' }), await openWindow(browser, url.at(-1), { colorScheme: 'dark' })];
  for (const { headers } of windows) {
    check(headers['content-security-policy']?.includes("default-src 'self'"), 'the page comes without its Content-Security-Policy');
  }
  const [ada, ben] = windows.map(({ page }) => page);
  await picture(ada, 'door');

  doing('signing up with a mistake, then without');
  await ada.getByRole('textbox', { name: 'Username' }).fill('a');
  await ada.getByRole('button', { name: 'Create account' }).click();
  await ada.getByText('A username has 3 to 32').waitFor();
  const [adasName, bensName] = [await signUp(ada, 'ada'), await signUp(ben, 'ben')];

  doing('starting a chat');
  await startChat(ada, bensName, bensName.toUpperCase());
  await say(ada, 'Hello Ben');

  doing('being told of the room in the other window');
  await conversation(ben, adasName).click();
  await ben.locator('.message .text', { hasText: 'Hello Ben' }).waitFor();

  doing('seeing each other online');
  for (const page of [ada, ben]) {
    await page.locator('#room-status', { hasText: 'Online' }).waitFor();
    await page.locator('#room-avatar[data-online="true"]').waitFor();
  }

  doing('typing');
  await draft(ben).pressSequentially('Hel');
  await ada.locator('#typing', { hasText: `${bensName} is typing` }).waitFor();
  await picture(ada, 'typing');
  await draft(ben).fill('');
  await ada.locator('#typing', { hasText: 'typing' }).waitFor({ state: 'hidden' });

  doing('writing from both windows at once');
  const talk = async (page, who) => {
    for (let number = 0; number < EACH; number += 1) await say(page, `${who} ${number}`);
  };
  await Promise.all([talk(ada, 'Ada'), talk(ben, 'Ben')]);
  await say(ada, '<img src=x onerror="document.title=1"> is only text');
  const total = 2 * EACH + 2;
  for (const page of [ada, ben]) {
    await page.waitForFunction((count) => document.querySelectorAll('.message[data-seq]').length >= count, total);
  }
  const [adas, bens] = [await shown(ada), await shown(ben)];
  check(JSON.stringify(adas) === JSON.stringify(bens), () => `the windows differ: ${quote(adas)} and ${quote(bens)}`);
  check(adas.length === total && adas.every(([seq], index) => seq === index + 1), () => `not each once and in order: ${quote(adas)}`);
  for (const who of ['Ada', 'Ben']) {
    const order = adas.map(([, text]) => text).filter((text) => text.startsWith(who));
    check(order.every((text, index) => text === `${who} ${index}`), () => `${who}'s messages are out of order: ${quote(order)}`);
  }
  check(await ada.locator('.message img').count() === 0, 'a message became markup');
  await picture(ada, 'wide-light');
  await picture(ben, 'wide-dark');

  doing('counting what is unread');
  await ben.getByRole('button', { name: 'New group' }).click();
  await ben.getByLabel('Group name').fill('The two of us');
  await choosePerson(ben, adasName);
  await ben.getByRole('button', { name: 'Create group' }).click();
  await ben.getByRole('heading', { name: 'The two of us' }).waitFor();
  await say(ben, 'one');
  await say(ben, 'two');
  const group = conversation(ada, 'The two of us');
  await group.getByLabel('2 unread').waitFor();
  await group.click();
  await ada.locator('.message .text', { hasText: 'two' }).waitFor();
  await ben.locator('[data-is="seen"]').nth(1).waitFor();

  doing('reloading, on a narrow screen');
  await ada.setViewportSize({ width: 390, height: 760 });
  await ada.reload();
  await conversation(ada, bensName).waitFor();
  await picture(ada, 'narrow-list');
  check(await ada.getByLabel(/unread/).count() === 0, 'what was read is unread again');
  await conversation(ada, bensName).click();
  await ada.waitForFunction((count) => document.querySelectorAll('.message[data-seq]').length === count, total);
  check(JSON.stringify(await shown(ada)) === JSON.stringify(adas), 'after a reload the history is another one');
  await picture(ada, 'narrow-light');

  doing('logging out');
  await ada.getByRole('button', { name: 'Back' }).click();
  await ada.getByRole('button', { name: 'Log out' }).click();
  await ada.getByRole('button', { name: 'Log in', exact: true }).first().waitFor();
  await conversation(ben, adasName).click();
  await ben.locator('#room-avatar[data-online="false"]').waitFor();

  const complaints = windows.flatMap((one) => one.complaints);
  check(complaints.length === 0, () => `the browser complains: ${quote(complaints)}`);
  await browser.close();
  return { messages: total + 2, windows: 2 };
});
