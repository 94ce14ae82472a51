import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { sha256 } from '../../domain/session.ts';
import { Frequency, LookUp, Priority, STATIC_DATA, StaticData } from '../../domain/static-data.ts';
import { endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';
import { tags } from '../http/sign-in.ts';

export const staticData = new Hono<AppEnv>({ strict: false });

const list = (path: string, summary: string, schema: z.ZodType, data: unknown) => {
  const body = JSON.stringify(data);
  const etag = sha256(body).then((hash) => `"${hash.slice(0, 16)}"`);
  staticData.get(path, endpoint(summary, { 200: schema }), async (c) => sendPublic(c, body, await etag));
};

list('/static_data', 'Every look-up there is', StaticData, STATIC_DATA);
list('/residences/types', 'Kinds of homes', z.array(LookUp), STATIC_DATA.residence_types);
list('/tasks/categories', 'Categories of tasks', z.array(LookUp), STATIC_DATA.task_categories);
list('/tasks/priorities', 'Priorities of tasks', z.array(Priority), STATIC_DATA.task_priorities);
list('/tasks/frequencies', 'How often tasks come back', z.array(Frequency), STATIC_DATA.task_frequencies);
list('/contractors/specialties', 'What contractors do', z.array(LookUp), STATIC_DATA.contractor_specialties);

function sendPublic(c: Context<AppEnv>, body: string, etag: string): Response {
  c.header('cache-control', 'public, max-age=300, stale-while-revalidate=86400');
  c.header('etag', etag);
  const known = tags(c.req.header('if-none-match') ?? '');
  if (known.includes('*') || known.includes(etag)) return c.body(null, 304);
  return c.body(body, 200, { 'content-type': 'application/json' });
}
