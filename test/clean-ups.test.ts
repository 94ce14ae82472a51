import { expect } from 'vitest';
import { deleteOldClaims } from '../db/claims.ts';
import type { Db } from '../db/client.ts';
import { deleteOldCodes } from '../db/codes.ts';
import { deleteOldDeliveries } from '../db/deliveries.ts';
import { deleteExpiredJobs } from '../db/expired-jobs.ts';
import { deleteOldKeys } from '../db/idempotency.ts';
import { deleteOldNotifications } from '../db/notices.ts';
import { deleteOldEvents } from '../db/outbox.ts';
import { deleteOldCounters } from '../db/rate-counters.ts';
import { eraseResidence, findErasable } from '../db/residences.ts';
import { deleteOldShareCodes } from '../db/share-codes.ts';
import { deleteOldUploads } from '../db/uploads.ts';
import { deleteOldWebhooks } from '../db/webhooks.ts';
import { NOW, test, type World } from './home.ts';

const ROWS = 20_000;
const OLD = 5;
const LIMIT = 5000;

/** Of each kind many that are young and a few that are old, and of what lasts longer something older still. */
const FILL = `
  set session_replication_role = replica;
  create function pg_temp.at(n int, old interval) returns timestamptz language sql
    return now() - case when n <= ${OLD} then old + interval '1 hour' else interval '1 hour' * (n % 12) end;
  insert into auth_user (username, email, password_hash)
    select 'u' || n, 'u' || n || '@example.com', '-' from generate_series(1, ${ROWS}) n;
  insert into user_confirmationcode (user_id, purpose, nonce, email, expires_at)
    select n, 'verify_email', '-', '-', pg_temp.at(n, '1 day') from generate_series(1, ${ROWS}) n;
  insert into idempotency_key (user_id, key, fingerprint, created_at)
    select n, 'k', '-', pg_temp.at(n, '7 days') from generate_series(1, ${ROWS}) n;
  insert into rate_counter (subject, window_start, count) select 's' || n, pg_temp.at(n, '1 day'), 1 from generate_series(1, ${ROWS}) n;
  insert into outbox (event, done_at) select '{}', pg_temp.at(n, '30 days') from generate_series(1, ${ROWS}) n;
  insert into outbox (event, created_at, dead_at) select '{}', now() - interval '1 year', now() - interval '1 year';
  insert into notifications_delivery (event_id, channel, result, at)
    select n, 'email', 'sent', pg_temp.at(n, '30 days') from generate_series(1, ${ROWS}) n;
  insert into notifications_reminder (user_id, kind, subject_id, subject_date, stage, channel, claimed_at)
    select n, 'notice', 1, date 'epoch', 0, 'email', timestamptz '${NOW}' - case when n <= ${OLD} then interval '91 days' else interval '1 day' end
    from generate_series(1, ${ROWS}) n
    union all select 1, 'welcome', 0, date 'epoch', 0, 'email', timestamptz '${NOW}' - interval '1 year';
  insert into notifications_notification (user_id, residence_id, type, title, body, created_at)
    select n, n, 'x', 'x', 'x', pg_temp.at(n, '180 days') from generate_series(1, ${ROWS}) n;
  insert into webhook_event_log (provider, event_id, type, payload, handled_at)
    select 'ses', n, 'x', '{}', pg_temp.at(n, '90 days') from generate_series(1, ${ROWS}) n;
  insert into webhook_event_log (provider, event_id, type, payload, received_at) select 'ses', 'never', 'x', '{}', now() - interval '1 year';
  insert into residence_residence (name, deleted_at)
    select 'Home ' || n, case when n <= ${OLD} then now() - interval '30 days 1 hour' when n = 10 then now() - interval '29 days' end
    from generate_series(1, ${ROWS}) n;
  insert into residence_version (residence_id, version, raised_by) select id, 1, '3' from residence_residence;
  insert into residence_residence_users (residence_id, user_id, role) select id, id, 'owner' from residence_residence;
  insert into residence_residencesharecode (residence_id, code, expires_at)
    select n, 'code' || n, pg_temp.at(n, '30 days') from generate_series(1, ${ROWS}) n;
  insert into pending_uploads (user_id, category, object_key, content_type, content_length, expires_at)
    select n, 'document', 'document/' || n, 'image/png', 1, case when n <= ${OLD} then now() - interval '1 hour' else now() + interval '1 hour' end
    from generate_series(1, ${ROWS}) n;
  insert into long_job (user_id, kind, state, object_key, expires_at)
    select n, 'report', 'done', 'report/' || n, timestamptz '${NOW}' + case when n <= ${OLD} then interval '-1 hour' else interval '1 hour' end
    from generate_series(1, ${ROWS}) n;
  insert into task_task (residence_id, title) select n, 'Task' from generate_series(1, ${ROWS}) n;
  insert into task_taskcompletion (task_id, residence_id, completed_at) select id, residence_id, now() from task_task;
  insert into task_contractor (residence_id, name) select n, 'Ada' from generate_series(1, ${ROWS}) n;
  set session_replication_role = origin;
  analyze`;

type Asked = { getQuery(): { sql: string; params: unknown[] } };

const deletions = (db: Db): Record<string, Asked> => ({
  codes: deleteOldCodes(db, LIMIT),
  keys: deleteOldKeys(db, LIMIT),
  counters: deleteOldCounters(db, LIMIT),
  events: deleteOldEvents(db, LIMIT),
  deliveries: deleteOldDeliveries(db, LIMIT),
  claims: deleteOldClaims(db, LIMIT, NOW),
  notifications: deleteOldNotifications(db, LIMIT),
  webhooks: deleteOldWebhooks(db, LIMIT),
  'share codes': deleteOldShareCodes(db, LIMIT),
  uploads: deleteOldUploads(db, LIMIT),
  reports: deleteExpiredJobs(db, LIMIT, NOW),
  'homes to erase': findErasable(db, LIMIT),
  'a home': eraseResidence(db, 1),
});

const KEPT = [
  ['user_confirmationcode', ROWS - OLD],
  ['idempotency_key', ROWS - OLD],
  ['rate_counter', ROWS - OLD],
  // And what discards the objects of uploads and reports.
  ['outbox', ROWS - OLD + 1 + 2 * OLD],
  ['pending_uploads', ROWS - OLD],
  ['long_job', ROWS - OLD],
  ['notifications_delivery', ROWS - OLD],
  ['notifications_reminder', ROWS - OLD + 1],
  ['notifications_notification', ROWS - OLD],
  ['webhook_event_log', ROWS - OLD + 1],
  ['residence_residence', ROWS - OLD],
  ['residence_residencesharecode', ROWS - OLD],
  ['residence_residence_users', ROWS - OLD],
  ['residence_version', ROWS - OLD],
  ['task_task', ROWS - OLD],
  ['task_taskcompletion', ROWS - OLD],
  ['task_contractor', ROWS - OLD],
] as const;

const counts = async (world: World) => {
  const each = KEPT.map(([table]) => `select '${table}' as name, count(*)::int as n from ${table}`).join(' union all ');
  return Object.fromEntries((await world.rows(each)).map(({ name, n }) => [name, n]));
};

test('what nobody needs any more goes, by an index and a few rows at a time; the rest stays', async ({ world }) => {
  await world.rows(FILL);
  for (const [name, deletion] of Object.entries(deletions(world.ports.db))) {
    const { sql, params } = deletion.getQuery();
    const [explained] = await world.rows(`explain (format json) ${sql}`, params);
    expect(JSON.stringify(explained), name).not.toContain('Seq Scan');
  }
  // What the erasure of a home asks for by its foreign keys.
  const foreign = await world.rows(
    `select c.conrelid::regclass::text as child from pg_constraint c
     where c.contype = 'f' and c.confrelid = 'residence_residence'::regclass and not exists (
       select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
         and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', '(residence_id IS NOT NULL)'))`,
  );
  expect(foreign).toEqual([]);

  for (const cron of ['10 * * * *', '40 * * * *']) await world.tick(cron);
  expect(await counts(world)).toEqual(Object.fromEntries(KEPT));
  expect(world.logged.filter(({ event }) => event === 'residence.erased')).toHaveLength(OLD);
  const audited = await world.rows(
    `select distinct actor_type, target_type from audit_log where action = 'deleted' and residence_id = 1 order by 2`,
  );
  expect(audited.map(({ actor_type, target_type }) => `${target_type} by ${actor_type}`)).toEqual(
    ['completion', 'contractor', 'member', 'residence', 'share_code', 'task'].map((what) => `${what} by system`),
  );
}, 60_000);

test('a home that cannot be erased keeps no other', async ({ world }) => {
  const { residence_id, elsewhere } = await world.home();
  await world.rows(`update residence_residence set deleted_at = now() - interval '31 days'`);
  await world.rows(`create table held (residence_id bigint references residence_residence (id))`);
  await world.rows('insert into held values ($1)', [residence_id]);
  await expect(world.tick('40 * * * *')).rejects.toThrow('1 of what runs');
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'residence.not_erased', residence_id }));
  expect(await world.rows('select id::int from residence_residence')).toEqual([{ id: residence_id }]);
  expect(world.logged).toContainEqual({ event: 'residence.erased', residence_id: elsewhere });
});
