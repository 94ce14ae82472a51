import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { totpCode } from '../../domain/totp.ts';
import { type Parts, startStack } from '../stack.ts';
import { startBrowser } from './chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** All that depends on the colours. */
export const CONTRAST = { type: 'rule', values: ['color-contrast'] };
const STEP_MS = 30_000;

export type Dashboard = Awaited<ReturnType<typeof openDashboard>>;

/** The whole local stack, and a browser before its dashboard. */
export async function openDashboard() {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-admin-'));
  const stack = startStack(folder, undefined, { HONEYDUE_PORT_SHIFT: '1000' });
  const parts = await stack.ready();
  const browser = await startBrowser();
  const database = new Client({ connectionString: parts.database_url ?? '' });
  await database.connect();
  return {
    parts,
    browser,
    address: parts.admin ?? '',
    /** As the owner of the database; for what no page does. */
    async rows(sql: string, values: unknown[] = []) {
      return (await database.query(sql, values)).rows;
    },
    async close() {
      await browser.close();
      await database.end();
      await stack.interrupt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Visit = Awaited<ReturnType<typeof visit>>;

/** A page in a window of its own, with all that the browser had to complain of, and wherever it asked. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.stack}`));
  page.on('dialog', (dialog) => {
    complaints.push(`${page.url()}: a dialog says ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => asked.push(request.url()));
  return { context, page, complaints, asked };
}

/** The code of somebody's authenticator; each is good once, so that another login needs the next. */
export const codeOf = (parts: Parts, who: 'admin' | 'support', steps = 0): string =>
  totpCode(parts[`${who}_totp_secret`] ?? '', new Date(Date.now() + steps * STEP_MS).toISOString());

export async function signIn(page: Page, parts: Parts, who: 'admin' | 'support', code = codeOf(parts, who)) {
  await page.getByLabel('E-mail').fill(parts[`${who}_email`] ?? '');
  await page.getByLabel(/^Password/).fill(parts[`${who}_password`] ?? '');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Code of your authenticator').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Waits until a page has what it shows. */
export async function shown(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page
    .locator('.mantine-Skeleton-root, [aria-busy="true"], [role="status"][aria-label="Loading"]')
    .first()
    .waitFor({ state: 'detached' });
}

/** From now on each page counts by how much what it shows moves by itself (Cumulative Layout Shift, web.dev/cls). */
export const countShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(`window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifted += value;
    }).observe({ type: 'layout-shift', buffered: true });`);

export const shiftedIn = async (page: Page): Promise<number> => Number(await page.evaluate('window.shifted'));

/** What axe has against a page. */
export async function faults(page: Page, only: object): Promise<unknown[]> {
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(AXE);
  return await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(only)}, resultTypes: ['violations'] }).then(({ violations }) =>
       violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) })))`,
  );
}

/** A request by the page's own script. */
export const fetchIn = async (page: Page, method: string, path: string, body?: object) =>
  (await page.evaluate(
    `fetch(${JSON.stringify(path)}, { method: '${method}', headers: { 'content-type': 'application/json' }${
      body ? `, body: ${JSON.stringify(JSON.stringify(body))}` : ''
    } }).then(async (r) => ({ status: r.status, body: await r.text() }))`,
  )) as { status: number; body: string };
