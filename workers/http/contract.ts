import type { Context, MiddlewareHandler } from 'hono';
import { validator } from 'hono/validator';
import * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import { parse } from '../../domain/parse.ts';
import type { AppEnv } from './env.ts';

export type Replies = Record<number, z.ZodType | null>;
export type Doc = {
  summary?: string;
  replies?: Replies;
  /** Statuses that are answered with a Problem, beyond those that every operation may answer. */
  problems?: number[];
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
};
export const DOC = Symbol('doc');
const documented = <H extends object>(handler: H, doc: Doc): H => Object.assign(handler, { [DOC]: doc });

/** What an endpoint is for and may answer. Does nothing to the request, and everything for /api/openapi.json. */
export const endpoint = (summary: string, replies: Replies, problems: number[] = []): MiddlewareHandler<AppEnv> =>
  documented(async (_c, next) => next(), { summary, replies, problems });

/** The JSON body; none at all where the schema can do without. Unknown fields are ignored: older and newer clients coexist. */
export const body = <S extends z.ZodType>(schema: S) => {
  const handler: MiddlewareHandler<AppEnv, string, { in: { json: z.input<S> }; out: { json: z.output<S> } }> = async (
    c,
    next,
  ) => {
    const isLeftOut = c.var.body.length === 0 && schema.safeParse(undefined).success;
    if (!isLeftOut && !/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
      throw new AppError('unsupported_media_type', 'Send JSON, with Content-Type: application/json.');
    }
    c.req.addValidatedData('json', parse(schema, isLeftOut ? undefined : json(c.var.body)) as object);
    await next();
  };
  return documented(handler, { body: schema });
};

/** The same, where there may be none. */
export const optionalBody = <S extends z.ZodType>(schema: S) => {
  const whole = body(schema);
  const handler: typeof whole = async (c, next) => {
    if (c.var.body.length > 0) return await whole(c, next);
    c.req.addValidatedData('json', parse(schema, {}) as object);
    await next();
  };
  return documented(handler, { body: schema });
};

/** The same, or the fields of a form that a browser sends by itself. */
export const bodyOrForm = <S extends z.ZodType>(schema: S) => {
  const whole = body(schema);
  const handler: typeof whole = async (c, next) => {
    if (!isForm(c)) return await whole(c, next);
    const fields = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(c.var.body)));
    c.req.addValidatedData('json', parse(schema, fields) as object);
    await next();
  };
  return documented(handler, { body: schema });
};

export const isForm = (c: Context<AppEnv>): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header('content-type') ?? '');

export const query = <S extends z.ZodObject>(schema: S) =>
  documented(
    validator('query', (value): z.output<S> => parse(schema, value)),
    { query: schema },
  );

/** Ids in the path. One that cannot be an id is the id of nothing. */
export const params = <S extends z.ZodObject>(schema: S) =>
  documented(
    validator('param', (value): z.output<S> => {
      const result = schema.safeParse(value);
      if (!result.success) throw new AppError('not_found', 'There is nothing here.');
      return result.data;
    }),
    { params: schema },
  );

/** The fields of a form, whose handler reads them as they come (http/form.ts). Does nothing but say so. */
export const form = <S extends z.ZodType>(schema: S): MiddlewareHandler<AppEnv> =>
  documented(async (_c, next) => next(), { body: schema.meta({ contentMediaType: 'multipart/form-data' }) });

export const Id = z.object({ id: z.coerce.number().int().positive() });

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('malformed_json', 'The body is not JSON in UTF-8.', {}, cause);
  }
}
