import type { MiddlewareHandler } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { AppError } from '../../domain/errors.ts';
import type { AppEnv } from './env.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Says 404 to a path that leads nowhere and 405 to a method that a path does not take, whoever asks. */
export function knownRoutes(routes: () => { method: string; path: string }[]): MiddlewareHandler<AppEnv> {
  let router: TrieRouter<string> | undefined;
  return async function knownRoutes(c, next) {
    router ??= fill(routes());
    const path = c.req.path.replace(/(.)\/$/, '$1');
    const allow = METHODS.filter((method) => router?.match(method, path)[0].length);
    if (allow.length === 0) throw new AppError('not_found', 'There is nothing here.');
    const methods = allow.includes('GET') ? [...allow, 'HEAD'] : allow;
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow: [...methods, 'OPTIONS'].join(', ') });
    if (!methods.includes(c.req.method)) {
      throw new AppError('method_not_allowed', `This path does not take ${c.req.method}.`, { allow: methods });
    }
    return await next();
  };
}

function fill(routes: { method: string; path: string }[]): TrieRouter<string> {
  const router = new TrieRouter<string>();
  for (const { method, path } of routes) router.add(method, path.replace(/(.)\/$/, '$1'), method);
  return router;
}
