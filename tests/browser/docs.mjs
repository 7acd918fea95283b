// The documentation page: it shows the operations, and asks no other host for anything.
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

  check(!complaints.length, () => `the browser complains: ${quote(complaints)}`);
  await browser.close();
  return { operations: shown.length };
});
