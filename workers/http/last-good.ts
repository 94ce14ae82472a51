import type { Context, MiddlewareHandler } from 'hono';
import { isAway } from '../../db/errors.ts';
import type { Cache } from '../../domain/cache.ts';
import type { AppEnv } from './env.ts';

/** What a phone shows when it is opened. Of what has many addresses, a task or a search, no copy is kept. */
export const KEPT_READS = [
  '/api/auth/me',
  '/api/tasks',
  '/api/tasks/by-residence/:id{[0-9]+}',
  '/api/residences',
  '/api/residences/my',
  '/api/residences/summary',
  '/api/residences/:id{[0-9]+}',
  '/api/contractors',
  '/api/contractors/by-residence/:id{[0-9]+}',
  '/api/documents',
  '/api/documents/warranties',
  '/api/notifications',
  '/api/notifications/unread-count',
  '/api/subscription/status',
  '/api/subscription/features',
];

const LONGEST_NAME = 500;

/** Keeps each good answer, after it; and while the database is away answers the last one that was. Anything else stays what it is. */
export const lastGood = (): MiddlewareHandler<AppEnv> =>
  async function lastGood(c, next) {
    await next();
    const { cache } = c.env;
    const name = nameOf(c);
    if (!cache || name.length > LONGEST_NAME) return;
    if (c.error === undefined) keep(c, cache, name);
    else if (cache.is_near && isAway(c.error)) await answerKept(c, cache, name);
  };

/** As the client asked: whose it is says the session. */
function nameOf(c: Context<AppEnv>): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname.replace(/\/$/, '')}${search} ${c.var.ctx.who.zone ?? ''}`;
}

function keep(c: Context<AppEnv>, { copies }: Cache, name: string): void {
  const { sent, ctx } = c.var;
  const { who, session } = ctx;
  if (!sent || session.user_id === null) return;
  const seen = { session: who.digest, user_id: session.user_id };
  ctx.defer(copies.keep(seen, name, { ...sent, read_at: who.now }));
}

async function answerKept(c: Context<AppEnv>, { copies }: Cache, name: string): Promise<void> {
  const { who, known } = c.var.ctx;
  const copy = await copies.find(who.digest, name);
  if (!copy) return;
  const { body, etag, read_at } = copy;
  const headers = new Headers(c.res.headers);
  headers.delete('retry-after');
  headers.set('cache-control', 'private, no-cache');
  headers.set('content-type', 'application/json');
  headers.set('etag', etag);
  headers.set('age', String(Math.max(0, Math.floor((Date.parse(who.now) - Date.parse(read_at)) / 1000))));
  headers.set('x-served-stale', 'true');
  const isKnown = known.includes('*') || known.includes(etag);
  if (isKnown) headers.delete('content-type');
  // Else Hono would lay the headers of the refusal over these.
  c.res = undefined;
  c.res = isKnown ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
}
