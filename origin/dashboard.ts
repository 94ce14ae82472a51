import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';

/**
 * The built dashboard from files, as Pages serves it: each with the headers of its `_headers`, and whatever is not there
 * is a page of the app.
 */
export function dashboardFrom(folder: string): Hono {
  const dashboard = new Hono();
  dashboard.use(headersOf(readFileSync(join(folder, '_headers'), 'utf8')), etag());
  dashboard.get('/_headers', async (c) => c.notFound());
  dashboard.get('*', serveStatic({ root: folder }), serveStatic({ root: folder, path: 'index.html' }));
  return dashboard;
}

type Rule = { prefix: string; headers: [name: string, value: string][] };

function headersOf(text: string): MiddlewareHandler {
  const rules = rulesIn(text);
  return async function headersOfPages(c, next) {
    await next();
    for (const { prefix, headers } of rules) {
      if (!c.req.path.startsWith(prefix)) continue;
      for (const [name, value] of headers) c.res.headers.set(name, value);
    }
  };
}

/** Pages' own format: a path with a star at its end, and below it, indented, its headers. */
function rulesIn(text: string): Rule[] {
  const rules: Rule[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const [, name, value] = /^\s+([\w-]+):\s*(.+)$/.exec(line) ?? [];
    if (name && value) rules.at(-1)?.headers.push([name, value]);
    else if (/^\/[^*]*\*$/.test(line)) rules.push({ prefix: line.slice(0, -1), headers: [] });
    else throw new Error(`Pages would read this line of _headers in a way that is not known here: ${line}`);
  }
  return rules;
}
