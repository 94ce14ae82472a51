import { Hono } from 'hono';
import * as z from 'zod';
import { auditEntries } from '../../../db/admin/audit.ts';
import { deliveries } from '../../../db/admin/deliveries.ts';
import { jobs } from '../../../db/admin/jobs.ts';
import { rowOf } from '../../../db/admin/list.ts';
import { readOverview, searchEverything } from '../../../db/admin/overview.ts';
import { oneSubscription, oneWebhook, subscriptions, webhooks } from '../../../db/admin/subscriptions.ts';
import { AuditEntry, AuditQuery } from '../../../domain/admin/audit.ts';
import { DeliveriesQuery, Delivery } from '../../../domain/admin/delivery.ts';
import { Job, JobsQuery, Retried, RetryLike } from '../../../domain/admin/job.ts';
import { AdminSearch, AdminSearchQuery, Overview } from '../../../domain/admin/overview.ts';
import { AdminStatus } from '../../../domain/admin/status.ts';
import {
  AdminWebhook,
  SubscriptionRow,
  SubscriptionsQuery,
  WebhookRow,
  WebhooksQuery,
} from '../../../domain/admin/subscription.ts';
import { DeadLetter, DeadLetterQuery, DeadLetters } from '../../../domain/dead-letter.ts';
import { Traced, TraceQuery } from '../../../domain/trace.ts';
import { findTraceAsAdmin } from '../../../usecases/admin/find-trace.ts';
import { readStatus } from '../../../usecases/admin/read-status.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { listDeadLetters } from '../../../usecases/dead-letters/list.ts';
import { readDeadLetter } from '../../../usecases/dead-letters/read.ts';
import { retryDeadLetters } from '../../../usecases/dead-letters/retry.ts';
import { list } from '../../http/admin-list.ts';
import { sendMade } from '../../http/answer.ts';
import { body, endpoint, Id, params, query } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

/** How honeyDue runs: figures, jobs, what was sent, what was paid, and who did what. */
export const running = new Hono<AppEnv>({ strict: false });

running.get('/overview', endpoint('Read the figures of the last weeks', { 200: Overview }), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, readOverview)),
);

running.get('/status', endpoint('Read how each part is, and the traffic', { 200: AdminStatus }), async (c) =>
  c.json(await readStatus(c.var.admin, c.env.observatory)),
);

running.get(
  '/trace',
  endpoint('Find what is kept of a request: its lines, spans, changes and events', { 200: Traced }),
  query(TraceQuery),
  async (c) => c.json(await findTraceAsAdmin(c.var.admin, c.env.observatory, c.req.valid('query').id)),
);

running.get(
  '/search',
  endpoint('Search users, homes, tasks, documents, contractors and messages', { 200: AdminSearch }),
  query(AdminSearchQuery),
  async (c) => sendMade(c, await readAsAdmin(c.var.admin, searchEverything(c.req.valid('query').q))),
);

list(running, '/jobs', 'List events and how far their work is', { row: Job, query: JobsQuery, source: jobs });

running.get('/jobs/:id{[0-9]+}', endpoint('Read a job', { 200: Job }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, rowOf(jobs, c.req.valid('param').id))),
);

running.get(
  '/dead-letters',
  endpoint('List events that came to no good end', { 200: DeadLetters }),
  query(DeadLetterQuery),
  async (c) => sendMade(c, await listDeadLetters(c.var.admin, c.req.valid('query'))),
);

running.get('/dead-letters/:id{[0-9]+}', endpoint('Read a dead letter', { 200: DeadLetter }), params(Id), async (c) =>
  sendMade(c, await readDeadLetter(c.var.admin, c.req.valid('param').id)),
);

running.post(
  '/dead-letters/:id{[0-9]+}/retry',
  endpoint('Send a dead letter again', { 200: Retried }, [403]),
  params(Id),
  async (c) => c.json(await retryDeadLetters(c.var.admin, { id: c.req.valid('param').id })),
);

running.post(
  '/dead-letters/retry',
  endpoint('Send again all that died of the same, a thousand at once', { 200: Retried }, [403, 413]),
  body(RetryLike),
  async (c) => c.json(await retryDeadLetters(c.var.admin, c.req.valid('json'))),
);

list(running, '/audit-log', 'List who did what', { row: AuditEntry, query: AuditQuery, source: auditEntries });
list(running, '/deliveries', 'List what became of mails and pushes', {
  row: Delivery,
  query: DeliveriesQuery,
  source: deliveries,
});
list(running, '/webhooks', 'List what providers reported', { row: WebhookRow, query: WebhooksQuery, source: webhooks });

running.get('/webhooks/:id{[0-9]+}', endpoint('Read a report', { 200: AdminWebhook }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneWebhook(c.req.valid('param').id))),
);

list(running, '/subscriptions', 'List what users have beyond the free tier', {
  row: SubscriptionRow,
  query: SubscriptionsQuery,
  source: subscriptions,
});

const UserId = z.object({ user_id: Id.shape.id });

running.get(
  '/subscriptions/:user_id{[0-9]+}',
  endpoint('Read a user’s subscription', { 200: SubscriptionRow }),
  params(UserId),
  async (c) => sendMade(c, await readAsAdmin(c.var.admin, oneSubscription(c.req.valid('param').user_id))),
);
