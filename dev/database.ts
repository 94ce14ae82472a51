import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { endWithUs, signal } from './guarded.ts';
import { migrateDatabase } from './migrate.ts';
import type { Part } from './part.ts';
import { startPostgres } from './postgres.ts';

const DATABASE = 'honeydue';
const STRAY_DEADLINE_MS = 10_000;

/** Starts PostgreSQL with honeyDue's database in it, up to date. */
export async function startDatabase(
  folder: string,
  port: number,
): Promise<Part & { ownerUrl: string; appUrl: string }> {
  await endStray(folder);
  const postgres = await startPostgres({ folder, port });
  const callOff = endWithUs(postgres.pid);
  const stop = async () => {
    await postgres.stop();
    callOff();
  };
  const ownerUrl = postgres.url(DATABASE);
  try {
    await withClient(postgres.url('postgres'), async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    });
    await migrateDatabase(ownerUrl);
    await withClient(ownerUrl, (client) => client.query(`alter role honeydue_app login password 'app'`));
  } catch (error) {
    await stop();
    throw error;
  }
  const appUrl = `postgresql://honeydue_app:app@127.0.0.1:${port}/${DATABASE}`;
  return { address: ownerUrl, ownerUrl, appUrl, exited: postgres.exited, stop };
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A server that outlived its stack (killed while it was starting) holds the folder. */
async function endStray(folder: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return;
  }
  // The file outlives a crash of the machine, and its number may be somebody else's by now.
  const { stdout } = spawnSync('ps', ['-ww', '-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  if (!stdout?.includes(folder)) return;
  signal(pid, 'SIGINT');
  const deadline = Date.now() + STRAY_DEADLINE_MS;
  while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
