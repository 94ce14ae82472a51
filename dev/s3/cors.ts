import type { Answer } from './context.ts';
import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';

const METHODS = ['GET', 'HEAD', 'PUT'];

/** Answers a preflight; nobody signs one. */
export function preflight(request: S3Request, origins: readonly string[]): Answer {
  const method = request.headers.get('access-control-request-method') ?? '';
  const allowed = corsHeaders(request, origins);
  if (!allowed['access-control-allow-origin'] || !METHODS.includes(method)) throw new S3Error('AccessForbidden');
  const asked = request.headers.get('access-control-request-headers');
  return {
    status: 200,
    headers: {
      'access-control-allow-methods': METHODS.join(', '),
      ...(asked !== undefined && { 'access-control-allow-headers': asked }),
      'access-control-max-age': '3600',
    },
  };
}

/** What lets a page of an allowed origin read an answer. */
export function corsHeaders({ headers }: S3Request, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  const vary = { vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method' };
  const origin = headers.get('origin');
  if (origin === undefined || !(origins.includes(origin) || origins.includes('*'))) return vary;
  return {
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'ETag, Content-Range, x-amz-version-id, x-amz-request-id',
  };
}
