import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { AppError } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';
import type { AppEnv } from './env.ts';

const NAME = 'honeydue_admin';
export const ADMIN_COOKIE = `__Host-${NAME}`;
const LIFE_S = 12 * 3600;
const COOKIE = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;
const SAFE = ['GET', 'HEAD'];

/**
 * Lets nobody write but a page of the dashboard (OWASP, CSRF): its exact origin, by the browser's own word from the same
 * site, as JSON, which no form sends. What a user is known by counts for nothing here.
 */
export const fromTheDashboard = (): MiddlewareHandler<AppEnv> =>
  async function fromTheDashboard(c, next) {
    if (!SAFE.includes(c.req.method)) {
      const { origin = '', 'sec-fetch-site': site, 'content-type': type = '' } = c.req.header();
      const isOurs = c.env.settings.admin_origins.includes(origin) && site === 'same-origin';
      if (!isOurs || !/^application\/json\s*(;|$)/i.test(type)) {
        throw new AppError('cross_site', 'Only a page of the dashboard may do that.');
      }
    }
    if (c.req.header('authorization') !== undefined) throw new AppError('unauthenticated', 'Sign in to the dashboard.');
    await next();
    // Files too, which members may keep.
    c.res.headers.set('cache-control', 'no-store');
  };

/** The admins' line: deny by default. Whether the session is good is said by the statement that stands before every other. */
export const adminLine = (): MiddlewareHandler<AppEnv> =>
  async function adminLine(c, next) {
    const digest = sessionDigest(c);
    if (digest === null) throw new AppError('unauthenticated', 'Sign in to the dashboard.');
    c.set('admin', { ...c.var.asking, session: { digest } });
    await next();
  };

/** Of the cookie that came with the request. */
export function sessionDigest(c: Context<AppEnv>): string | null {
  const token = getCookie(c, NAME, 'host');
  return token ? sha256(token) : null;
}

export const keepSession = (c: Context<AppEnv>, token: string): void =>
  setCookie(c, NAME, token, { ...COOKIE, maxAge: LIFE_S });

export const dropSession = (c: Context<AppEnv>): void => void deleteCookie(c, NAME, COOKIE);
