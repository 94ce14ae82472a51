import type { MiddlewareHandler } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { AppError } from '../../domain/errors.ts';
import type { AppEnv } from './env.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Says 404 to a path that leads nowhere and 405 to a method that a path does not take, whoever asks. */
export function knownRoutes(routes: () => { method: string; path: string }[]): MiddlewareHandler<AppEnv> {
  let filled: TrieRouter<string> | undefined;
  return async function knownRoutes(c, next) {
    filled ??= fill(routes());
    const router = filled;
    const path = c.req.path.replace(/(.)\/$/, '$1');
    const takes = (method: string): boolean => router.match(method, path)[0].length > 0;
    if (takes(c.req.method === 'HEAD' ? 'GET' : c.req.method)) return await next();
    const allow = METHODS.filter(takes);
    if (allow.length === 0) throw new AppError('not_found', 'There is nothing here.');
    const methods = allow.includes('GET') ? [...allow, 'HEAD'] : allow;
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow: [...methods, 'OPTIONS'].join(', ') });
    throw new AppError('method_not_allowed', `This path does not take ${c.req.method}.`, { allow: methods });
  };
}

function fill(routes: { method: string; path: string }[]): TrieRouter<string> {
  const router = new TrieRouter<string>();
  for (const { method, path } of routes) router.add(method, path.replace(/(.)\/$/, '$1'), method);
  return router;
}
