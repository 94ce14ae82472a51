import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildSite } from '../../dev/build-site.ts';
import { mayLackBrowser, startBrowser } from './chromium.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const LANDING_BYTES_MAX = 60 * 1024;
const PAGES = ['/', '/api/docs/', '/404.html'];
// What runs in the page is text: the DOM's types stay out of a code base that has no DOM.
const PALE_TEXTS = readFileSync(new URL('./pale-texts.js', import.meta.url), 'utf8');
const FOCUS = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return { name: element.outerHTML.slice(0, 80), visible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
})()`;
const REFERENCE_READY = '.opblock-tag';
const SCHEMES = ['light', 'dark'] as const;

describe.skipIf(mayLackBrowser)('the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-site-'));
  let server: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    await buildSite(folder);
    server = serve(folder);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    rmSync(folder, { recursive: true, force: true });
  });

  type Look = { scheme?: 'light' | 'dark'; width?: number };

  /** For those who only look: one window for all of them. */
  const windows = new Map<string, Promise<Visit>>();
  const look = (path: string): Promise<Visit> => {
    const opened = windows.get(path) ?? show(path, {});
    windows.set(path, opened);
    return opened;
  };

  async function open(path: string, look: Look = {}): Promise<Visit> {
    const visit = await show(path, look);
    onTestFinished(() => visit.page.close());
    return visit;
  }

  async function show(path: string, { scheme = 'light', width = 1280 }: Look): Promise<Visit> {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 } });
    const visit: Visit = { page, complaints: [], outside: [] };
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') visit.complaints.push(message.text());
    });
    page.on('pageerror', (error) => visit.complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:')) {
        visit.outside.push(request.url());
      }
    });
    await page.addInitScript(
      `document.addEventListener('securitypolicyviolation', (event) =>
         console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`,
    );
    await page.goto(origin + path, { waitUntil: 'load' });
    if (path === '/api/docs/') await page.waitForSelector(REFERENCE_READY);
    return visit;
  }

  it.each(PAGES)('%s renders within its policy and asks no other host', async (path) => {
    const { page, complaints, outside } = await look(path);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('main').count()).toBe(1);
    expect(complaints).toEqual([]);
    expect(outside).toEqual([]);
  });

  it('shows the five columns of a board in order and in their colours', async () => {
    const { page } = await look('/');
    expect(
      await page.locator('.column h3').evaluateAll((all) => all.map((h) => h.firstChild?.textContent?.trim())),
    ).toEqual(['Overdue', 'Due Soon', 'Upcoming', 'In Progress', 'Completed']);
    const dots = `[...document.querySelectorAll('.column h3')].map((h) => getComputedStyle(h, '::before').backgroundColor)`;
    expect(await page.evaluate(dots)).toEqual([
      'rgb(255, 59, 48)',
      'rgb(255, 149, 0)',
      'rgb(0, 122, 255)',
      'rgb(88, 86, 214)',
      'rgb(52, 199, 89)',
    ]);
  });

  it('renders an operation of an OpenAPI 3.1 document, and tries it on its own host', async () => {
    const { page, complaints, outside } = await open('/api/docs/');
    expect(await page.locator('.info .title').textContent()).toContain('honeyDue API');
    expect(await page.locator('.info .title').textContent()).toContain('OAS 3.1');
    await page.locator('.opblock-tag', { hasText: 'tasks' }).click();
    await page.locator('#operations-tasks-createTask .opblock-summary-control').click();
    const operation = page.locator('#operations-tasks-createTask');
    await operation.getByRole('tab', { name: 'Schema' }).first().click();
    // A 3.1 type array; 3.0 viewers cannot show it.
    await operation.locator('text=string | null').first().waitFor();

    await page.locator('#operations-tasks-readBoard .opblock-summary-control').click();
    await page.locator('#operations-tasks-readBoard .try-out__btn').click();
    await page.locator('#operations-tasks-readBoard .execute').click();
    await page
      .locator('#operations-tasks-readBoard .live-responses-table .response-col_status', { hasText: '200' })
      .waitFor();
    expect(complaints).toEqual([]);
    expect(outside).toEqual([]);
  });

  it('takes neither document nor host from a link', async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${origin}/api/docs/?url=/other.json&configUrl=/other.json`);
    await page.waitForSelector(REFERENCE_READY);
    expect(asked.map((url) => new URL(url).pathname).filter((path) => path.endsWith('.json'))).toEqual([
      '/api/openapi.json',
    ]);
  });

  it.each(PAGES)('%s needs no sideways scrolling from 320 px up', async (path) => {
    const { page } = await open(path, { width: 320 });
    if (path === '/api/docs/') {
      await page.locator('.opblock-tag', { hasText: 'tasks' }).click();
      await page.locator('#operations-tasks-createTask .opblock-summary-control').click();
      await page.waitForSelector('#operations-tasks-createTask .responses-table');
    }
    for (const width of [320, 375, 768, 1024, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), `at ${width} px`).toBeLessThanOrEqual(width);
    }
  });

  it.each(SCHEMES.flatMap((scheme) => PAGES.map((path) => ({ scheme, path }))))(
    '$path has AA contrast in the $scheme scheme',
    async ({ scheme, path }) => {
      const { page } = await open(path, { scheme });
      if (path === '/api/docs/') {
        await page.locator('.opblock-tag', { hasText: 'tasks' }).click();
        await page.waitForSelector('#operations-tasks-createTask');
        await settled(page);
      }
      const { checked, pale } = (await page.evaluate(PALE_TEXTS)) as { checked: number; pale: string[] };
      expect(pale).toEqual([]);
      expect(checked).toBeGreaterThan(3);
    },
  );

  it.each(PAGES)('%s shows where the keyboard is', async (path) => {
    const { page } = await open(path);
    const stops = new Set<string>();
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('Tab');
      const stop = (await page.evaluate(FOCUS)) as { name: string; visible: boolean } | undefined;
      if (!stop) break;
      expect(stop, stop.name).toMatchObject({ visible: true });
      stops.add(stop.name);
    }
    expect(stops.size).toBeGreaterThanOrEqual(3);
  });

  it.each(['/', '/api/docs/'])('%s lets the keyboard skip to its content', async (path) => {
    const { page } = await open(path);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#main:focus, #reference:focus').waitFor({ timeout: 5000 });
  });

  it.each(PAGES)('%s has its landmarks, a language, a title and headings without a gap', async (path) => {
    const { page } = await look(path);
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    expect(await page.title()).toContain('honeyDue');
    expect(await page.getByRole('banner').count()).toBe(1);
    expect(await page.getByRole('main').count()).toBe(1);
    const levels = await page
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((all) => all.map((h) => Number(h.tagName[1])));
    expect(levels[0]).toBe(1);
    for (const [i, level] of levels.entries())
      expect(level - (levels[i - 1] ?? 0), `heading ${i + 1}`).toBeLessThanOrEqual(1);
  });

  it.each(PAGES)('%s has no dead link', async (path) => {
    const { page } = await look(path);
    const links = await page
      .locator('a[href], link[href], script[src], img[src]')
      .evaluateAll((all) => all.map((e) => e.getAttribute('href') ?? e.getAttribute('src') ?? ''));
    expect(links.length).toBeGreaterThan(2);
    for (const link of new Set(links)) {
      const url = new URL(link, page.url());
      expect(url.origin, link).toBe(origin);
      expect((await fetch(url)).status, link).toBe(200);
      // Swagger UI's own fragments (#/tag/operation) name a place in its document, not an element.
      const fragment = url.pathname === path && /^#[a-z]/.test(url.hash) ? url.hash : undefined;
      if (fragment) expect(await page.locator(fragment).count(), link).toBe(1);
    }
  });

  it('is small, and built again it is left as it is', async () => {
    const landing = ['index.html', 'site.css', 'favicon.svg', 'apple-touch-icon.png', '404.html', 'robots.txt'];
    const bytes = landing.map((name) => statSync(join(folder, name)).size).reduce((sum, size) => sum + size);
    expect(bytes).toBeLessThan(LANDING_BYTES_MAX);
    const written = () => landing.map((name) => statSync(join(folder, name)).mtimeMs);
    const before = written();
    await buildSite(folder);
    expect(written()).toEqual(before);
  });
});

type Visit = { page: Page; complaints: string[]; outside: string[] };

function serve(folder: string): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const answer = (status: number, type: string, body: string | Buffer) =>
      response.writeHead(status, { 'Content-Type': type }).end(body);
    if (path === '/api/openapi.json') return answer(200, 'application/json', JSON.stringify(API));
    if (path === '/api/tasks/') return answer(200, 'application/json', '{"columns":[]}');
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return answer(404, 'text/html; charset=utf-8', readFileSync(join(folder, '404.html')));
    return answer(200, TYPES[extname(file)] ?? 'text/plain', readFileSync(file));
  });
}

/** Resolves when no animation or transition runs any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    'Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => undefined)',
  );
}

const TASK = { $ref: '#/components/schemas/Task' };
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const REFUSED = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
const API = {
  openapi: '3.1.1',
  info: {
    title: 'honeyDue API',
    version: '1.0.0',
    description: 'Keeps a home in shape. Errors are `application/problem+json`.',
  },
  servers: [{ url: '/' }],
  tags: [
    { name: 'accounts', description: 'Register, sign in, sessions' },
    { name: 'tasks', description: 'The board and its tasks' },
  ],
  security: [{ token: [] }],
  paths: {
    '/api/auth/login/': {
      post: {
        tags: ['accounts'],
        operationId: 'login',
        summary: 'Sign in',
        security: [],
        requestBody: json({
          type: 'object',
          required: ['username', 'password'],
          properties: { username: { type: 'string' }, password: { type: 'string', format: 'password' } },
        }),
        responses: { 200: { description: 'Signed in' }, 401: REFUSED },
      },
    },
    '/api/tasks/': {
      get: {
        tags: ['tasks'],
        operationId: 'readBoard',
        summary: 'Read the board',
        parameters: [{ name: 'days', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 365, default: 30 } }],
        responses: { 200: { description: 'The board', ...json({ type: 'object' }) } },
      },
      post: {
        tags: ['tasks'],
        operationId: 'createTask',
        summary: 'Create a task',
        requestBody: json(TASK),
        responses: { 201: { description: 'Created', ...json(TASK) }, 400: REFUSED },
      },
    },
    '/api/tasks/{id}/': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', exclusiveMinimum: 0 } }],
      patch: {
        tags: ['tasks'],
        operationId: 'editTask',
        summary: 'Edit a task',
        requestBody: json(TASK),
        responses: { 200: { description: 'Edited', ...json(TASK) } },
      },
      delete: {
        tags: ['tasks'],
        operationId: 'deleteTask',
        summary: 'Delete a task',
        responses: { 204: { description: 'Gone' } },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Task: {
        type: 'object',
        required: ['title'],
        properties: {
          title: { type: 'string', minLength: 1, maxLength: 200 },
          due_date: { type: ['string', 'null'], format: 'date', examples: ['2026-11-21'] },
          custom_unit: { anyOf: [{ type: 'string', enum: ['day', 'week', 'month', 'year'] }, { type: 'null' }] },
          kanban_column: { const: 'overdue_tasks' },
        },
      },
      Problem: { type: 'object', properties: { code: { type: 'string' }, status: { type: 'integer' } } },
    },
  },
};
