import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../dev/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The port of the tests' PostgreSQL server. */
    postgresPort: number;
  }
}

/** One PostgreSQL server for the whole run; each test makes a database of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-test-'));
  const postgres = await startPostgres({ folder, port: await getPort(), throwaway: true });
  project.provide('postgresPort', postgres.port);
  return async () => {
    await postgres.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  };
}
