import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './env.ts';

const API = "default-src 'none'; frame-ancestors 'none'";
const SITE =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** The rendered documentation styles its elements inline. */
const DOCS = SITE.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const HEADERS = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
};

/** Headers that every answer carries, with a content security policy fit for its surface. */
export const securityHeaders = (): MiddlewareHandler<AppEnv> =>
  async function securityHeaders(c, next) {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
    c.res.headers.set('content-security-policy', policyFor(c.req.path));
  };

function policyFor(path: string): string {
  if (/^\/api\/docs(\/|$)/.test(path)) return DOCS;
  return path.startsWith('/api') ? API : SITE;
}
