import type { Context, ErrorHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as z from 'zod';
import { AppError, type ErrorCode, type ErrorDetails } from '../../domain/errors.ts';
import type { AppEnv } from './env.ts';

const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  validation: 400,
  malformed_json: 400,
  invalid_signature: 400,
  code_invalid: 400,
  identity_without_email: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  forbidden: 403,
  email_unverified: 403,
  cross_site: 403,
  admins_only: 403,
  confirmation_required: 403,
  tier_limit_reached: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  username_taken: 409,
  email_taken: 409,
  already_completed: 409,
  occurrence_completed: 409,
  task_not_active: 409,
  not_recurring: 409,
  already_member: 409,
  owner_must_stay: 409,
  purchase_taken: 409,
  subscribed_elsewhere: 409,
  in_use: 409,
  name_taken: 409,
  share_code_spent: 410,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  misdirected: 421,
  idempotency_key_reused: 422,
  purchase_invalid: 422,
  file_empty: 422,
  file_type_refused: 422,
  file_type_mismatch: 422,
  file_active_content: 422,
  file_archive_refused: 422,
  file_polyglot: 422,
  file_damaged: 422,
  file_size_mismatch: 422,
  image_too_large: 422,
  upgrade_required: 426,
  rate_limited: 429,
  too_many_uploads: 429,
  internal: 500,
  overloaded: 503,
  storage_unavailable: 502,
  identity_unavailable: 503,
  billing_unavailable: 503,
  mail_unavailable: 503,
  read_only: 503,
  schema_behind: 503,
  database_unavailable: 503,
};

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(STATUS) as [ErrorCode, ...ErrorCode[]]),
    error: z.string().describe('A sentence for people'),
    fields: z.record(z.string(), z.array(z.string())).optional().describe('By field: what is wrong with it'),
    kind: z.string().optional().describe('Of what the tier allows no more'),
    limit: z.int().optional().describe('How many of them it allows'),
    usage: z.int().optional().describe('How many there are'),
    request_id: z.string(),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457)' });

/** The codes that an answer of this status may carry, for the documentation. */
export const codesOf = (status: number): ErrorCode[] =>
  (Object.keys(STATUS) as ErrorCode[]).filter((code) => STATUS[code] === status);

/** The one place where an error becomes a response. What nobody foresaw is logged whole and answered bare. */
export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof AppError) {
    if (STATUS[error.code] >= 500) c.var.asking.log('request.failed', described(error));
    return problem(c, error.code, error.message, error.details);
  }
  if (c.env.meter) c.env.meter.has_crashed = true;
  c.var.asking.log('request.crashed', described(error));
  return problem(c, 'internal', CRASHED);
};

const CRASHED = 'Something went wrong on our side.';

function problem(c: Context<AppEnv>, code: ErrorCode, detail: string, details: ErrorDetails = {}): Response {
  const status = STATUS[code];
  const { fields, retry_after_s, etag, content_range, allow, limit, tier } = details;
  c.header('cache-control', 'no-store');
  if (retry_after_s) c.header('retry-after', String(retry_after_s));
  if (etag) c.header('etag', etag);
  if (content_range) c.header('content-range', content_range);
  if (allow) c.header('allow', allow.join(', '));
  if (limit) c.header('ratelimit', `"${limit.name}";r=${limit.remaining};t=${limit.reset_s}`);
  if (status === 401) c.header('www-authenticate', 'Token');
  const body = bodyOf(code, detail, c.var.request_id, { fields, ...tier });
  return c.body(body, status, { 'content-type': PROBLEM_TYPE });
}

const PROBLEM_TYPE = 'application/problem+json';

const bodyOf = (code: ErrorCode, detail: string, request_id: string, more: object = {}): string =>
  JSON.stringify({
    type: 'about:blank',
    title: code.replaceAll('_', ' '),
    status: STATUS[code],
    detail,
    code,
    error: detail,
    ...more,
    request_id,
  });

/** The same said by whoever stands before the application. */
export function bareProblem({ code, message, details }: AppError, request_id: string): Response {
  const headers = new Headers({
    'content-type': PROBLEM_TYPE,
    'cache-control': 'no-store',
    'x-request-id': request_id,
  });
  if (details.retry_after_s) headers.set('retry-after', String(details.retry_after_s));
  return new Response(bodyOf(code, message, request_id), { status: STATUS[code], headers });
}

/** Of an error that came before there was an application to say so. */
export const crashed = (): AppError => new AppError('internal', CRASHED);

/** An error and what caused it, for the log. Causes carry SQL text but no parameters. */
export function described(error: Error): Record<string, unknown> {
  const cause = error.cause instanceof Error ? error.cause : undefined;
  return { error: String(error), stack: error.stack, cause: cause && `${cause.name}: ${cause.message}` };
}
