import { type ChildProcess, fork } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { Client } from 'pg';
import { startEdge } from '../../dev/edge.ts';
import { migrateDatabase } from '../../dev/migrate.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { newToken, sha256 } from '../../domain/session.ts';

type Options = {
  /** How many tokens the people have together. */
  sessions?: number;
  /** Lets V8 show what is held at any time, and not what it has not collected yet; slower. */
  collectAtOnce?: boolean;
};

/**
 * A honeyDue of its own on free ports: crash-safe PostgreSQL, Neon's protocol and the Worker in workerd, each in its own
 * process, with `people` signed in to one home of `tasks`.
 */
export async function makeStand(people: number, tasks: number, { sessions = people, collectAtOnce }: Options = {}) {
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
  const tokens = Array.from({ length: sessions }, newToken);
  await fill(query, people, tasks, tokens);

  const databaseUrl = `postgresql://honeydue_app:app@127.0.0.1:${port}/honeydue`;
  const neon = await startNeon();
  const crashes: string[] = [];
  const onLog = (text: string) => void (/"event":"request.crashed"|Uncaught/.test(text) && crashes.push(text));
  const workers: ChildProcess[] = [];
  const meet = (message: unknown) => void workers.push((message as { process: ChildProcess }).process);
  subscribe('child_process', meet);
  if (collectAtOnce) process.env.MINIFLARE_WORKERD_V8_FLAGS = '--gc-global';
  const edge = await startEdge({ port: await getPort(), databaseUrl, neonEndpoint: neon.url, onLog });

  return {
    url: edge.url.replace(/\/$/, ''),
    tokens,
    databaseUrl,
    endpoint: neon.url,
    /** What the Worker logged of errors that nobody foresaw. */
    crashes,
    query,
    scheduled: edge.scheduled,
    /** The processes that serve, and that neither the client nor this stand has a part in. */
    pids: () => ({ workerd: workers.filter(isWorkerd).map(({ pid = 0 }) => pid), neon: neon.pid }),
    crash: () => postgres.stop('immediate'),
    async restart() {
      postgres = await start();
    },
    async stop() {
      unsubscribe('child_process', meet);
      await edge.close();
      await neon.stop();
      await postgres.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Stand = Awaited<ReturnType<typeof makeStand>>;

const isWorkerd = ({ spawnfile = '' }: ChildProcess) => spawnfile.includes('workerd');

type Ask = (sql: string, values?: unknown[]) => Promise<unknown>;

async function fill(query: Ask, people: number, tasks: number, tokens: string[]): Promise<void> {
  const digests = tokens.map(sha256);
  await query(`insert into auth_user (username, email, password_hash, is_verified)
    select 'user' || n, 'user' || n || '@example.com', '-', true from generate_series(1, ${people}) n`);
  await query(
    `insert into user_authtoken (user_id, digest)
     select 1 + (n - 1) % ${people}, d from unnest($1::text[]) with ordinality x (d, n)`,
    [digests],
  );
  await query(`insert into residence_residence (name) values ('Maple House')`);
  await query(`insert into residence_residence_users (residence_id, user_id, role)
    select 1, n, case n when 1 then 'owner' else 'member' end from generate_series(1, ${people}) n`);
  await query(`insert into task_task (residence_id, title, description, category_id, priority_id, frequency_id, due_date, next_due_date)
    select 1, 'Task ' || n, 'What it takes', 1 + n % 16, 1 + n % 4, 5, d, d
    from (select n, current_date + n % 90 - 20 as d from generate_series(1, ${tasks}) n) t`);
}

async function startNeon() {
  const script = fileURLToPath(new URL('neon-process.ts', import.meta.url));
  const child = fork(script, { execArgv: [] });
  const exited = once(child, 'exit');
  const [url] = (await once(child, 'message')) as [string];
  const stop = async () => {
    child.disconnect();
    await exited;
  };
  return { url, pid: child.pid ?? 0, stop };
}

/** Headers of the n-th request: sessions take turns, and each request comes from another address, as the rate limits expect. */
export const headersFor = ({ tokens }: Stand, n: number): Record<string, string> => ({
  authorization: `Token ${tokens[n % tokens.length]}`,
  'cf-connecting-ip': `10.${n % 200}.${n % 7}.1`,
  'content-type': 'application/json',
});
