import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './env.ts';

const API = "default-src 'none'; frame-ancestors 'none'";
/** What people have uploaded runs nothing, wherever it is opened. */
const MEDIA = `${API}; sandbox`;
const SITE =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** Where robots are told from people, the page loads Cloudflare's box for that. */
const TURNSTILE = 'https://challenges.cloudflare.com';
const WITH_TURNSTILE = `${SITE.replace("script-src 'self'", `script-src 'self' ${TURNSTILE}`)}; frame-src ${TURNSTILE}`;
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
    c.res.headers.set('content-security-policy', policyFor(c.req.path, c.env.isHuman !== undefined));
  };

function policyFor(path: string, asksForHumans: boolean): string {
  if (/^\/api\/docs(\/|$)/.test(path)) return DOCS;
  if (/^\/api\/(admin\/)?media\//.test(path)) return MEDIA;
  if (path.startsWith('/api')) return API;
  return asksForHumans ? WITH_TURNSTILE : SITE;
}
