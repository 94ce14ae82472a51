import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Client } from 'pg';
import { startEdge } from '../../dev/edge.ts';
import { migrateDatabase } from '../../dev/migrate.ts';
import { startNeonEndpoint } from '../../dev/neon-endpoint.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { newToken, sha256 } from '../../domain/session.ts';

/** A honeyDue of its own on free ports: crash-safe PostgreSQL, Neon's protocol and the Worker in workerd, with `people` signed in to one home of `tasks`. */
export async function makeStand(people: number, tasks: number) {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-stand-'));
  const port = await getPort();
  const start = () => startPostgres({ folder, port });
  let postgres = await start();
  const query = async (sql: string, values: unknown[] = [], database = 'honeydue') => {
    const client = new Client({ connectionString: postgres.url(database) });
    await client.connect();
    try {
      return (await client.query(sql, values)).rows;
    } finally {
      await client.end();
    }
  };
  await query('create database honeydue', [], 'postgres');
  await migrateDatabase(postgres.url('honeydue'));
  await query(`alter role honeydue_app login password 'app'`);

  const tokens = Array.from({ length: people }, newToken);
  const digests = await Promise.all(tokens.map(sha256));
  await query(`insert into auth_user (username, email, password_hash, is_verified)
    select 'user' || n, 'user' || n || '@example.com', '-', true from generate_series(1, ${people}) n`);
  await query(
    `insert into user_authtoken (user_id, digest) select n, d from unnest($1::text[]) with ordinality x (d, n)`,
    [digests],
  );
  await query(`insert into residence_residence (name) values ('Maple House')`);
  await query(`insert into residence_residence_users (residence_id, user_id, role)
    select 1, n, case n when 1 then 'owner' else 'member' end from generate_series(1, ${people}) n`);
  await query(`insert into task_task (residence_id, title, description, category_id, priority_id, frequency_id, due_date, next_due_date)
    select 1, 'Task ' || n, 'What it takes', 1 + n % 16, 1 + n % 4, 5, d, d
    from (select n, current_date + n % 90 - 20 as d from generate_series(1, ${tasks}) n) t`);

  const databaseUrl = `postgresql://honeydue_app:app@127.0.0.1:${port}/honeydue`;
  const endpoint = await startNeonEndpoint({ port: await getPort() });
  const edge = await startEdge({ port: await getPort(), databaseUrl, neonEndpoint: endpoint.url });
  const url = edge.url.replace(/\/$/, '');

  return {
    url,
    tokens,
    databaseUrl,
    endpoint: endpoint.url,
    query,
    crash: () => postgres.stop('immediate'),
    async restart() {
      postgres = await start();
    },
    async stop() {
      await edge.close();
      await endpoint.close();
      await postgres.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Stand = Awaited<ReturnType<typeof makeStand>>;

/** Headers of the n-th request: people take turns, and each comes from an address of its own, as the rate limits expect. */
export const headersFor = ({ tokens }: Stand, n: number): Record<string, string> => ({
  authorization: `Token ${tokens[n % tokens.length]}`,
  'cf-connecting-ip': `10.${n % 200}.${n % 7}.1`,
  'content-type': 'application/json',
});
