import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { etag } from 'hono/etag';

/** The landing page and the documentation from files, as Workers Assets serves them at the edge. */
export function siteFrom(folder: string): Hono {
  const site = new Hono();
  site.use(etag(), serveStatic({ root: folder }));
  site.get('*', async (c, next) => {
    const page = await serveStatic({ root: folder, path: '404.html' })(c, next);
    return page instanceof Response ? new Response(page.body, { status: 404, headers: page.headers }) : page;
  });
  return site;
}
