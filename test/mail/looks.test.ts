import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mayLackBrowser, startBrowser } from '../browser/chromium.ts';
import { householdLetters, letters, NAMES, withCode } from './letters.ts';

const PALE_TEXTS = readFileSync(new URL('../browser/pale-texts.js', import.meta.url), 'utf8');
const DATA = { code: '049731', username: 'jane.doe' };
const HOSTILE = `<script>window.hit = 1</script><img src="http://evil.example/x" onerror="window.hit = 1">`;
const HOSTILE_NAMES = { person: HOSTILE, home: HOSTILE, task: HOSTILE };
const LONG = 'w'.repeat(150);
const LOOKS = (['light', 'dark'] as const).flatMap((scheme) => [320, 1024].map((width) => [scheme, width] as const));
const all = (...[data, names]: [...Parameters<typeof letters>, ...Parameters<typeof householdLetters>]) => [
  ...letters(data),
  ...householdLetters(names),
];
/** A folder to look at the pictures in, for whoever asks. */
const PICTURES = process.env.MAIL_PICTURES;

describe.skipIf(mayLackBrowser)('the mails', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  async function aPage(colorScheme: 'light' | 'dark' = 'light', width = 320): Promise<Page> {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 640 } });
    onTestFinished(() => page.close());
    return page;
  }

  test.each(LOOKS)('are readable when it is %s, %i pixels wide', async (scheme, width) => {
    const page = await aPage(scheme, width);
    for (const [name, { html }] of all({ ...DATA, username: LONG }, { person: LONG, home: LONG, task: LONG })) {
      await page.setContent(html);
      const { checked, pale } = (await page.evaluate(PALE_TEXTS)) as { checked: number; pale: string[] };
      expect(checked, name).toBeGreaterThanOrEqual(5);
      expect(pale, name).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(width);
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground, name).toBe(scheme === 'dark' ? 'rgb(22, 18, 13)' : 'rgb(255, 250, 240)');
    }
    for (const [name, { html }] of PICTURES ? all(DATA, NAMES) : []) {
      await page.setContent(html);
      await page.screenshot({ path: join(PICTURES ?? '', `${name} ${scheme} ${width}.png`), fullPage: true });
    }
  });

  test.each(Object.entries(withCode(DATA)))(
    '%s: one click marks the whole code, to be copied',
    async (_name, { html }) => {
      const page = await aPage();
      await page.setContent(html);
      const code = page.locator('.code');
      const size = await code.evaluate(
        (element) => element.ownerDocument.defaultView?.getComputedStyle(element).fontSize,
      );
      expect(Number.parseFloat(size ?? '')).toBeGreaterThanOrEqual(28);
      const line = await code.evaluate((element) => element.clientHeight);
      expect(line).toBeLessThan(90); // one line, even on a small phone
      await code.click();
      expect(await page.evaluate('getSelection().toString().trim()')).toBe(DATA.code);
    },
  );

  test('run no script and ask no host, whatever a name says', async () => {
    const page = await aPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    for (const [name, { html }] of all({ code: HOSTILE, username: HOSTILE }, HOSTILE_NAMES)) {
      await page.setContent(html, { waitUntil: 'load' });
      expect(await page.evaluate('window.hit'), name).toBeUndefined();
      expect(await page.locator('script, img, link, iframe').count(), name).toBe(0);
      expect(asked, name).toEqual([]);
      if (['no residence', 'export ready'].includes(name)) continue; // they name nothing
      expect(await page.locator('body').textContent(), name).toContain(HOSTILE);
    }
  });
});
