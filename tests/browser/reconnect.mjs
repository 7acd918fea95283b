// The page without a network, again and again: what was written meanwhile arrives once, in order, in both windows.
//
//   node tests/browser/reconnect.mjs --url http://127.0.0.1:7400,http://127.0.0.1:7401

import { openWindow, say, shown, signUp, startChat } from './window.mjs';
import { launch } from '../clients/lib/browser.mjs';
import { plugIn } from '../clients/lib/cable.mjs';
import { check, doing, quote, scenario } from '../clients/lib/scenario.mjs';

const EACH = 5;

await scenario({ url: undefined, chromium: '/usr/bin/chromium', deadline: 180 }, async ({ url, chromium }) => {
  doing('starting a chat');
  const cable = await plugIn(url[0]);
  const browser = await launch(chromium);
  const [ada, ben] = [await openWindow(browser, cable.url), await openWindow(browser, url.at(-1))];
  await signUp(ada.page, 'ada');
  const bensName = await signUp(ben.page, 'ben');
  await startChat(ada.page, bensName);
  await say(ada.page, 'hello');
  await ben.page.locator('#rooms button').click();

  let total = 1;
  /** Both windows show seq 1..total, the same, and nothing is on its way any more. */
  const agree = async () => {
    for (const { page } of [ada, ben]) {
      await page.waitForFunction((count) => document.querySelectorAll('.message').length === count && !document.querySelector('.message:not([data-seq])'), total);
    }
    const [adas, bens] = [await shown(ada.page), await shown(ben.page)];
    check(JSON.stringify(adas) === JSON.stringify(bens), () => `the windows differ: ${quote(adas)} and ${quote(bens)}`);
    check(adas.every(([seq], index) => seq === index + 1), () => `not each once and in order: ${quote(adas)}`);
    return adas.map(([, text]) => text);
  };
  await agree();

  for (const what of ['waiting for the network', 'reloading while there is something to send']) {
    doing(what);
    cable.pullOut();
    await ada.page.locator('#banner', { hasText: 'No connection' }).waitFor();
    for (let number = 0; number < EACH; number += 1) {
      await say(ada.page, `Ada ${what} ${number}`);
      await say(ben.page, `Ben ${what} ${number}`);
    }
    check(await ada.page.locator('.message.unsent').count() === EACH, 'what cannot be sent is not shown as being sent');
    cable.putBack();
    if (what.startsWith('reloading')) {
      await ada.page.reload();
      await ada.page.locator('#rooms button').click();
    }
    total += 2 * EACH;
    await agree();
  }

  doing('pulling the cable out in the middle of sending');
  const burst = 30;
  for (let number = 0; number < burst; number += 1) {
    await say(ada.page, `burst ${number}`);
    if (number % 10 === 5) cable.pullOut();
    if (number % 10 === 8) cable.putBack();
  }
  total += burst;
  const texts = (await agree()).filter((text) => text.startsWith('burst'));
  check(texts.every((text, index) => text === `burst ${index}`), () => `sent in order, arrived as ${quote(texts)}`);

  const errors = [...ada.errors, ...ben.errors];
  check(errors.length === 0, () => `the page throws: ${quote(errors)}`);
  await browser.close();
  return { messages: total };
});
