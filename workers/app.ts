import { Hono } from 'hono';
import { cors } from 'hono/cors';
import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import { bodyLimit } from './http/body-limit.ts';
import { endpoint } from './http/contract.ts';
import type { AppEnv } from './http/env.ts';
import { knownRoutes } from './http/known-routes.ts';
import { observe } from './http/observe.ts';
import { type Operation, operations } from './http/operations.ts';
import { onError } from './http/problem.ts';
import { rateLimit } from './http/rate-limit.ts';
import { securityHeaders } from './http/security.ts';
import { signInLine } from './http/sign-in.ts';
import { accounts, doors } from './routes/accounts.ts';
import { health } from './routes/health.ts';
import { residences } from './routes/residences.ts';
import { staticData } from './routes/static-data.ts';
import { taskCompletions } from './routes/task-completions.ts';
import { tasks } from './routes/tasks.ts';

const EXPOSED = [
  'etag',
  'x-request-id',
  'server-timing',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'idempotency-replayed',
];

/** The API, the same on workerd and on Node. Its middleware stands in the order of the request pipeline. */
export const app = new Hono<AppEnv>({ strict: false });
const signIn = signInLine();

app.onError(onError);
app.use(observe(), securityHeaders());
app.use(
  cors({
    origin: (origin, c) => (c.env.settings.cors_origins.includes(origin) ? origin : null),
    exposeHeaders: EXPOSED,
    maxAge: 600,
  }),
);
app.on('GET', ['/api/docs', '/api/docs/*'], (c) => c.env.site(c.req.raw));
app.use('/api/*', rateLimit(), knownRoutes(documented), bodyLimit());

app.get('/api/openapi.json', endpoint('This document', { 200: z.looseObject({ openapi: z.string() }) }), (c) =>
  c.env.site(c.req.raw),
);
app.route('/api/health', health);
app.route('/api', staticData);
app.route('/api/auth', doors);

// Above this line anyone may ask; below it, members only.
app.use('/api/*', signIn);
app.route('/api/auth', accounts);
app.route('/api/residences', residences);
app.route('/api/tasks', tasks);
app.route('/api/task-completions', taskCompletions);

app.get('*', (c) => c.env.site(c.req.raw));
app.notFound(() => {
  throw new AppError('not_found', 'There is nothing here.');
});

/** What the API offers, as its routes say: for the OpenAPI document, and for every test that walks them all. */
export function documented(): Operation[] {
  return operations(app, signIn);
}
