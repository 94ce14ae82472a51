import type { Context, Hono } from 'hono';
import type * as z from 'zod';
import type { Source } from '../../db/admin/list.ts';
import type { ListQuery } from '../../domain/admin/list.ts';
import { page } from '../../domain/page.ts';
import { exportList, readList } from '../../usecases/admin/list.ts';
import { sendMade } from './answer.ts';
import { endpoint, query as inQuery } from './contract.ts';
import type { AppEnv } from './env.ts';

type List<Q extends ListQuery> = { row: z.ZodObject; source: Source<Q> };

/** A list of the dashboard at a path of its own. */
export function list<Q extends ListQuery>(
  app: Hono<AppEnv>,
  path: string,
  summary: string,
  { query, ...how }: List<Q> & { query: z.ZodObject & z.ZodType<Q> },
): void {
  app.get(path, endpoint(summary, { 200: page(how.row) }), inQuery(query), async (c) =>
    sendList(c, path.slice(1), how, c.req.valid('query') as Q),
  );
}

/** As JSON a page at a time, or as CSV the whole. */
export async function sendList<Q extends ListQuery>(
  c: Context<AppEnv>,
  name: string,
  { row, source }: List<Q>,
  asked: Q,
): Promise<Response> {
  if (asked.format === 'json') return sendMade(c, await readList(c.var.admin, source, asked));
  return c.body(await exportList(c.var.admin, source, asked, Object.keys(row.shape)), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  });
}
