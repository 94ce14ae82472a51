import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import getPort from 'get-port';
import { Client } from 'pg';
import type * as z from 'zod';
import { auditEntries } from '../../db/admin/audit.ts';
import { deliveries } from '../../db/admin/deliveries.ts';
import { contractors, documents } from '../../db/admin/household.ts';
import { jobs } from '../../db/admin/jobs.ts';
import { listOf, type Source } from '../../db/admin/list.ts';
import { readOverview, searchEverything } from '../../db/admin/overview.ts';
import { residences } from '../../db/admin/residences.ts';
import { completions, tasks } from '../../db/admin/tasks.ts';
import { users } from '../../db/admin/users.ts';
import { migrateDatabase } from '../../dev/migrate.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { AuditQuery } from '../../domain/admin/audit.ts';
import { ContractorsQuery } from '../../domain/admin/contractor.ts';
import { DeliveriesQuery } from '../../domain/admin/delivery.ts';
import { DocumentsQuery } from '../../domain/admin/document.ts';
import { JobsQuery } from '../../domain/admin/job.ts';
import type { ListQuery } from '../../domain/admin/list.ts';
import { ResidencesQuery } from '../../domain/admin/residence.ts';
import { CompletionsQuery, TasksQuery } from '../../domain/admin/task.ts';
import { UsersQuery } from '../../domain/admin/user.ts';

const ROUNDS = 10;

/** As many rows of everything that a list may be long of; one in a thousand is rare. Past every trigger. */
export const fillOf = (rows: number): string => `
  set session_replication_role = replica;
  insert into auth_user (username, email, password_hash, first_name, is_verified, deleted_at, created_at)
    select md5(n::text), 'user' || n || '@example.com', '-', 'Ann', n % 1000 > 0, case when n % 1000 = 1 then now() end,
      now() - n * interval '1 minute' from generate_series(1, ${rows}) n;
  insert into residence_residence (name, city, is_paused, deleted_at)
    select 'Home ' || md5(n::text), 'Austin', n % 1000 = 0, case when n % 1000 = 1 then now() end from generate_series(1, ${rows}) n;
  insert into residence_version (residence_id, version, raised_by) select id, 1, '3' from residence_residence;
  insert into residence_residence_users (residence_id, user_id, role) select id, id, 'owner' from residence_residence;
  insert into task_task (residence_id, title, in_progress, is_archived, is_cancelled)
    select n, 'Task ' || md5(n::text), n % 1000 = 0, n % 1000 = 1, n % 1000 = 2 from generate_series(1, ${rows}) n;
  insert into task_taskcompletion (task_id, residence_id, completed_at)
    select n, n, now() - n * interval '1 minute' from generate_series(1, ${rows}) n;
  insert into task_contractor (residence_id, name) select n, 'Plumber ' || md5(n::text) from generate_series(1, ${rows}) n;
  insert into task_document (residence_id, title, document_type, is_active)
    select n, 'Paper ' || md5(n::text), case when n % 1000 = 0 then 'permit' else 'manual' end, n % 1000 > 0 from generate_series(1, ${rows}) n;
  insert into audit_log (at, actor_type, actor_id, action, target_type, target_id, residence_id, changed, request_id, address)
    select now() - (${rows} - n) * interval '1 second', case when n % 1000 = 0 then 'admin' else 'user' end, n % 5000,
      case when n % 1000 = 1 then 'restored' else 'updated' end, case when n % 1000 = 2 then 'template' else 'task' end, n, n,
      case when n % 1000 = 3 then '{"notes": [null, 1]}' else '{"title": ["#a", "#b"]}' end::jsonb, 'r' || n, '203.0.113.0/24'
    from generate_series(1, ${rows}) n;
  insert into outbox (event, queue, done_at, dead_at, uncertain_at, created_at)
    select jsonb_build_object('type', case when n % 1000 = 0 then 'task.created' else 'task.updated' end, 'task_id', n),
      case when n % 1000 = 1 then 'long' else 'jobs' end, case when n % 1000 > 1 then now() end, case when n % 10000 = 0 then now() end,
      case when n % 10000 = 2 then now() end, now() from generate_series(1, ${rows}) n;
  insert into notifications_delivery (event_id, channel, user_id, result, at)
    select n, 'email', n % 5000, case when n % 1000 = 0 then 'refused' else 'sent' end, now() - n * interval '1 second'
    from generate_series(1, ${rows}) n;
  set session_replication_role = origin;
  vacuum analyze`;

const each = <Q extends ListQuery>(source: Source<Q>, query: z.ZodType<Q>, name: string, asked: object[]) =>
  Object.fromEntries(
    asked.map((given) => [`${name} ${new URLSearchParams({ ...given })}`, listOf(source, query.parse(given))]),
  );

const cursorAt = (sort: string, key: string | number, id: number): string => btoa(JSON.stringify([sort, key, id]));

/** A page of each list as it is asked for most: the newest, half way down, of one home or person, searched. */
export function byIndex(rows: number): Record<string, SQL> {
  const far = { cursor: cursorAt('-id', rows / 2, rows / 2) };
  const word = `user${rows - 1}@`;
  return {
    ...each(users, UsersQuery, 'users', [
      {},
      far,
      { sort: 'username' },
      { sort: '-email', cursor: cursorAt('-email', 'user5', 5) },
      { search: word },
      { search: 'nobody at all' },
    ]),
    ...each(residences, ResidencesQuery, 'residences', [{}, far, { user_id: 77 }, { search: 'nothing like it' }]),
    ...each(tasks, TasksQuery, 'tasks', [{}, far, { residence_id: 77 }, { search: 'nothing like it' }]),
    ...each(completions, CompletionsQuery, 'completions', [{}, { task_id: 77 }]),
    ...each(contractors, ContractorsQuery, 'contractors', [{}, { residence_id: 77 }, { search: 'nothing like it' }]),
    ...each(documents, DocumentsQuery, 'documents', [{}, { residence_id: 77 }, { search: 'nothing like it' }]),
    ...each(auditEntries, AuditQuery, 'audit-log', [
      {},
      far,
      { actor_type: 'admin' },
      { actor_type: 'user', actor_id: 77 },
      { target_type: 'task', target_id: 777 },
      { residence_id: 777 },
      { request_id: 'r777' },
    ]),
    ...each(jobs, JobsQuery, 'jobs', [{}, far, { state: 'dead' }, { state: 'uncertain' }]),
    ...each(deliveries, DeliveriesQuery, 'deliveries', [{}, { user_id: 77 }]),
  };
}

/** What is asked seldom, and read row by row until a page is full: of each the one in a thousand, or none at all. */
export function byReading(rows: number): Record<string, SQL> {
  return {
    ...each(users, UsersQuery, 'users', [{ is_verified: 'false' }, { is_deleted: 'true' }]),
    ...each(residences, ResidencesQuery, 'residences', [{ is_paused: 'true' }, { is_deleted: 'true' }]),
    ...each(tasks, TasksQuery, 'tasks', [{ in_progress: 'true' }, { search: 'task abc' }]),
    ...each(documents, DocumentsQuery, 'documents', [{ document_type: 'permit' }]),
    ...each(auditEntries, AuditQuery, 'audit-log', [
      { action: 'restored' },
      { target_type: 'template' },
      { field: 'notes' },
      { sort: '-at', from: new Date(Date.now() - 60_000).toISOString() },
      { sort: '-at', to: new Date(Date.now() - rows * 990).toISOString() },
    ]),
    ...each(jobs, JobsQuery, 'jobs', [
      ...['waiting', 'scheduled', 'running', 'done'].map((state) => ({ state })),
      { queue: 'long' },
      { type: 'task.created' },
      { type: 'task.skipped' },
    ]),
    ...each(deliveries, DeliveriesQuery, 'deliveries', [{ result: 'refused' }]),
    overview: readOverview,
    'search a name': searchEverything('abc'),
    'search nothing': searchEverything('nothing like it'),
  };
}

/** Milliseconds that the database takes for each, sorted. */
export async function timeAdminLists(rows = 1_000_000): Promise<Record<string, number[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-lists-'));
  const postgres = await startPostgres({ folder, port: await getPort(), throwaway: true });
  const client = new Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  await client.query('create database honeydue');
  await client.end();
  const bench = new Client({ connectionString: postgres.url('honeydue') });
  try {
    await migrateDatabase(postgres.url('honeydue'));
    await bench.connect();
    for (const statement of fillOf(rows).split(';\n')) await bench.query(statement);
    await bench.query('set jit = off');
    return await timed(bench, { ...byIndex(rows), ...byReading(rows) });
  } finally {
    await bench.end();
    await postgres.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(client: Client, queries: Record<string, SQL>): Promise<Record<string, number[]>> {
  const dialect = new PgDialect();
  const took: Record<string, number[]> = {};
  for (const [name, query] of Object.entries(queries)) {
    const { sql: text, params } = dialect.sqlToQuery(sql`${query}`);
    took[name] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      const started = performance.now();
      await client.query(text, params);
      if (round >= 0) took[name].push(performance.now() - started);
    }
    took[name].sort((a, b) => a - b);
  }
  return took;
}
