import type { Handler } from 'hono';
import type { StatusCode } from 'hono/utils/http-status';
import type { AppEnv } from './env.ts';

/** The landing page, the documentation and their assets, with the headers that belong to every answer. */
export const pages: Handler<AppEnv> = async (c) => {
  const { body, status, headers } = await c.env.site(c.req.raw);
  return c.newResponse(body, status as StatusCode, Object.fromEntries(headers));
};
