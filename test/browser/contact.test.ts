import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { buildSite } from '../../dev/build-site.ts';
import { app } from '../../workers/app.ts';
import { test, type World } from '../home.ts';
import { mayLackBrowser, startBrowser } from './chromium.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
};
const PALE_TEXTS = readFileSync(new URL('./pale-texts.js', import.meta.url), 'utf8');

describe.skipIf(mayLackBrowser)('the contact form', () => {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-site-'));
  let browser: Browser;

  beforeAll(async () => {
    await buildSite(folder);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The application itself behind a real address, with the site that was built. */
  async function open(world: World, javaScriptEnabled: boolean) {
    const site = async (request: Request) => {
      const { pathname } = new URL(request.url);
      const file = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
      const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' };
      return existsSync(file) ? new Response(readFileSync(file), { headers }) : new Response('', { status: 404 });
    };
    const ports = { ...world.ports, site };
    const server = createServer(getRequestListener((request) => app.fetch(request, ports)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const context = await browser.newContext({ javaScriptEnabled });
    onTestFinished(async () => {
      await context.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => void complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { page, complaints };
  }

  async function write(page: Page) {
    await page.getByLabel('Your name').fill('Jane Doe');
    await page.getByLabel('Your e-mail address').fill('jane@example.com');
    await page.getByLabel('Your message').fill('Can a home have two owners?');
    await page.getByRole('button', { name: 'Send' }).click();
  }

  const kept = (world: World) => world.rows('select name, email, message from contact_message');
  const WRITTEN = [{ name: 'Jane Doe', email: 'jane@example.com', message: 'Can a home have two owners?' }];

  test('sends a message within its policy, says so, and says what is wrong', async ({ world }) => {
    const { page, complaints } = await open(world, true);
    await write(page);
    await page.getByRole('status').getByText('Thank you').waitFor();
    expect(await kept(world)).toEqual(WRITTEN);
    expect(await page.getByLabel('Your message').inputValue()).toBe('');
    expect(complaints).toEqual([]);
    // What the browser lets through and we do not.
    await page.evaluate('document.querySelector("#contact-email").type = "text"');
    await page.getByLabel('Your name').fill('Jane');
    await page.getByLabel('Your e-mail address').fill('jane');
    await page.getByLabel('Your message').fill('Again');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('status').getByText('Must be an e-mail address.').waitFor();
    expect(await page.getByLabel('Your e-mail address').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Your message').inputValue()).toBe('Again');
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('status');
    const { pale } = (await page.evaluate(PALE_TEXTS)) as { pale: string[] };
    expect(pale).toEqual([]);
    expect(await kept(world)).toHaveLength(1);
  });

  test('works without a line of script, and hides from people what is there for robots', async ({ world }) => {
    const { page } = await open(world, false);
    expect(await page.locator('.contact .unseen').boundingBox()).toMatchObject({ width: expect.closeTo(1, -1) });
    await write(page);
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect([await kept(world), new URL(page.url()).pathname]).toEqual([WRITTEN, '/contact/thanks/']);
    await world.rows('update contact_apikey set per_hour = 1');
    await page.goBack();
    await write(page);
    await page.getByRole('heading', { name: 'It was not sent' }).waitFor();
    expect(await kept(world)).toEqual(WRITTEN);
  });
});
