import { claimsTheEdge } from '../../domain/edge-signature.ts';
import { STREAMED_PATHS } from '../http/body-limit.ts';

/**
 * Where a request may be tried. `here`: at the edge alone. `twice`: at the edge and then at the origin, since it does the
 * same whether it is done once or twice. `once`: in either place, and not in both. `stream`: the same, and its body is
 * gone with the first try.
 */
export type Plan = 'here' | 'twice' | 'once' | 'stream';

/** Asks nothing of the database, or asks how this very path is. */
const HERE = /^\/api\/(health|docs|openapi\.json)(\/|$)/;
/** They mail somebody, and know no key by which the second would be seen to be the first. */
const MAILS = ['/contact', '/api/contact', '/api/auth/forgot-password'];

export function planOf({ method, url, headers }: Request): Plan {
  const path = new URL(url).pathname.replace(/(.)\/$/, '$1');
  if (claimsTheEdge(headers) || method === 'OPTIONS' || HERE.test(path)) return 'here';
  if (method === 'GET' || method === 'HEAD') return path.startsWith('/api/') ? 'twice' : 'here';
  if (STREAMED_PATHS.includes(path)) return 'stream';
  if (MAILS.includes(path)) return 'once';
  if (!path.startsWith('/api/')) return 'here';
  // What an admin writes has no key either, and would be audited twice.
  return path.startsWith('/api/admin/') ? 'once' : 'twice';
}
