// The documentation pages: they show the operations and the events, and ask no other host for anything.
//
//   node tests/browser/docs.mjs --url http://127.0.0.1:7400 [--screenshot FILE]

import { openWindow } from './window.mjs';
import { launch } from '../clients/lib/browser.mjs';
import { contract } from '../clients/lib/contract.mjs';
import { check, doing, quote, scenario } from '../clients/lib/scenario.mjs';

await scenario({ url: undefined, chromium: '/usr/bin/chromium', screenshot: '', deadline: 120 }, async ({ url, chromium, screenshot }) => {
  doing('opening the page');
  const browser = await launch(chromium);
  const { page, complaints, headers } = await openWindow(browser, `${url[0]}/docs`);
  const policy = headers['content-security-policy'];
  check(policy?.includes("default-src 'none'") && policy.includes("script-src 'self'"), () => `the page may do too much: ${policy}`);

  doing('looking at the operations');
  await page.locator('.opblock').first().waitFor();
  const shown = await page.locator('.opblock-summary-path').evaluateAll((paths) => paths.map((path) => path.dataset.path));
  const operations = Object.entries(contract().openapi.paths).flatMap(([path, item]) => Object.keys(item).map(() => path));
  check(quote(shown.sort()) === quote(operations.sort()), () => `the page shows ${quote(shown)}`);
  if (screenshot) await page.screenshot({ path: screenshot });

  doing('opening one');
  const one = page.locator('.opblock', { has: page.locator('[data-path="/api/rooms/{id}/messages"]') }).first();
  await one.locator('.opblock-summary-control').click();
  await one.locator('.responses-table').first().waitFor();
  if (screenshot) await page.screenshot({ path: screenshot.replace(/(\.\w+)$/, '-open$1') });

  doing('looking at the events');
  const events = await openWindow(browser, `${url[0]}/docs/events`);
  check(!events.headers['content-security-policy'].includes('unsafe'), 'the page of the events may do too much');
  await events.page.getByRole('heading', { name: 'Shapes' }).waitFor();
  const titles = await events.page.locator('article[id*="."] h3').allTextContents();
  const names = Object.entries(contract().asyncapi.components.messages).filter(([key]) => /^(say|hear)\./.test(key)).map(([, { name }]) => name);
  check(quote(titles.sort()) === quote(names.sort()), () => `the page shows ${quote(titles)}`);
  if (screenshot) await events.page.screenshot({ path: screenshot.replace(/(\.\w+)$/, '-events$1') });

  const all = [...complaints, ...events.complaints];
  check(!all.length, () => `the browser complains: ${quote(all)}`);
  await browser.close();
  return { operations: shown.length, events: titles.length };
});
