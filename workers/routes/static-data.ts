import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { Frequency, LookUp, Priority, StaticData } from '../../domain/static-data.ts';
import { readStaticData } from '../../usecases/read-static-data.ts';
import { endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';
import { tags } from '../http/sign-in.ts';

export const staticData = new Hono<AppEnv>({ strict: false });

type Part = Parameters<typeof readStaticData>[1];

const list = (path: string, summary: string, schema: z.ZodType, part: Part) =>
  staticData.get(path, endpoint(summary, { 200: schema }), async (c) =>
    sendPublic(c, await readStaticData(c.var.asking, part)),
  );

list('/static_data', 'Every look-up there is', StaticData, 'all');
list('/residences/types', 'Kinds of homes', z.array(LookUp), 'residence_types');
list('/tasks/categories', 'Categories of tasks', z.array(LookUp), 'task_categories');
list('/tasks/priorities', 'Priorities of tasks', z.array(Priority), 'task_priorities');
list('/tasks/frequencies', 'How often tasks come back', z.array(Frequency), 'task_frequencies');
list('/contractors/specialties', 'What contractors do', z.array(LookUp), 'contractor_specialties');

function sendPublic(c: Context<AppEnv>, { body, etag }: { body: string; etag: string }): Response {
  c.header('cache-control', 'public, max-age=300, stale-while-revalidate=86400');
  c.header('etag', etag);
  const known = tags(c.req.header('if-none-match') ?? '');
  if (known.includes('*') || known.includes(etag)) return c.body(null, 304);
  return c.body(body, 200, { 'content-type': 'application/json' });
}
