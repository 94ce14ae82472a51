import type { Context, MiddlewareHandler } from 'hono';
import type { Key } from '../../db/idempotency.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { sha256, tokenFrom } from '../../domain/session.ts';
import { parseZone } from '../../domain/zone.ts';
import type { AppEnv } from './env.ts';

/** The sign-in line. It asks the database nothing: whether the token is good is said by the statement that needs it. */
export const signInLine = (): MiddlewareHandler<AppEnv> =>
  async function signInLine(c, next) {
    const token = tokenFrom(c.req.header('authorization'));
    if (token === null) throw new AppError('unauthenticated', 'Sign in first.');
    const key = c.req.header('idempotency-key');
    const if_match = c.req.header('if-match');
    c.set('ctx', {
      ...c.var.asking,
      who: { digest: sha256(token), zone: zoneFrom(c), now: c.env.now() },
      session: { user_id: null },
      key: key === undefined || c.req.method === 'GET' ? null : keyFrom(c, key),
      if_match: if_match === undefined ? null : tags(if_match).map((tag) => tag.replace(/^"(\d+)\..*$/, '$1')),
      known: tags(c.req.header('if-none-match') ?? ''),
    });
    c.header('cache-control', 'private, no-cache');
    c.header('vary', 'Authorization, X-Timezone', { append: true });
    await next();
  };

function zoneFrom(c: Context<AppEnv>): string | null {
  const name = c.req.header('x-timezone');
  if (name === undefined) return null;
  const zone = parseZone(name);
  if (zone === null) c.env.log('zone.unknown', { request_id: c.var.request_id, zone: name.slice(0, 100) });
  return zone;
}

/** The same key with another method, path or body is another request. */
function keyFrom(c: Context<AppEnv>, key: string): Key {
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) throw invalid('Idempotency-Key', 'Must be 1 to 128 visible ASCII characters.');
  const { pathname, search } = new URL(c.req.url);
  const head = new TextEncoder().encode(`${c.req.method} ${pathname.replace(/\/$/, '')}${search}\n`);
  const whole = new Uint8Array(head.length + c.var.body.length);
  whole.set(head);
  whole.set(c.var.body, head.length);
  return { key, fingerprint: sha256(whole) };
}

/** The validators of a list, compared weakly: Cloudflare weakens an ETag when it compresses the answer again. */
export const tags = (header: string): string[] => header.match(/\*|"[^"]*"/g) ?? [];
