import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '../dev/migrate.ts';
import { startPostgres } from '../dev/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The port of the tests' PostgreSQL server. */
    postgresPort: number;
  }
}

/** For the databases of the tests that run at the same time, and their logs. */
const ROOM_BYTES = 4 * 1024 ** 3;

/** Passwords that are no secret need not be slow to check, and no table lives long enough to be vacuumed. */
const SETTINGS = { scram_iterations: 1, autovacuum: 'off' };

/** One PostgreSQL server for the whole run; each test copies its `honeydue` database, which has every migration. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(fastest(), 'honeydue-test-'));
  const postgres = await startPostgres({ folder, port: await getPort(), throwaway: true, settings: SETTINGS });
  const client = new Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  await client.query(`alter role honeydue_owner password 'owner'`);
  await client.query('create database honeydue');
  await migrateDatabase(postgres.url('honeydue'));
  await client.query(`alter role honeydue_app login password 'app'`);
  await client.end();
  project.provide('postgresPort', postgres.port);
  return async () => {
    await postgres.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A file system in memory, where there is one with room: a database is copied there in a tenth of the time. */
function fastest(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > ROOM_BYTES ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
