import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findForbiddenImports } from '../dev/check-layers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'honeydue-layers-'));

beforeAll(() => {
  for (const folder of ['domain', 'db', 'usecases', 'queues', 'adapters', 'mails', 'workers', 'origin']) {
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  }
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the tree keeps its layers', () => {
  expect(findForbiddenImports(root)).toEqual([]);
});

test.for([
  ['domain/intruder.ts', `import { connect } from '../db/client.ts';`],
  ['domain/intruder.ts', `import type { SQL } from 'drizzle-orm';`],
  ['domain/intruder.ts', `export * from '../usecases/ports.ts';`],
  ['db/intruder.ts', `import type { Ports } from '../usecases/ports.ts';`],
  ['db/intruder.ts', `import { readFile } from 'node:fs/promises';`],
  ['usecases/tasks/intruder.ts', `import { eq, sql } from 'drizzle-orm';`],
  ['usecases/tasks/intruder.ts', `import {\n  app,\n} from '../../workers/app.ts';`],
  ['usecases/tasks/intruder.ts', `export const later = () => import('../../queues/ring.ts');`],
  ['queues/intruder.ts', `import { app } from '../workers/app.ts';`],
  ['queues/intruder.ts', `import 'node:crypto';`],
  ['adapters/intruder.ts', `import { scryptSync } from 'node:crypto';`],
  ['adapters/intruder.ts', `import { ask } from '../usecases/ask.ts';`],
  ['mails/intruder.tsx', `import { oneLine } from '../domain/mail.ts';`],
  ['mails/intruder.tsx', `import { renderToString } from 'react-dom/server';`],
  ['domain/intruder.ts', `import { Layout } from '../mails/layout.tsx';`],
  ['workers/routes/intruder.ts', `import type { Queue } from '@cloudflare/workers-types';`],
  ['workers/routes/intruder.ts', `import { env } from 'cloudflare:workers';`],
  ['workers/routes/intruder.ts', `import { pools } from '../../origin/neon/pools.ts';`],
  ['workers/routes/intruder.ts', `export const any = (name: string) => import(name);`],
  ['origin/intruder.ts', `import { startPostgres } from '../dev/postgres.ts';`],
  ['origin/intruder.ts', `import { env } from 'cloudflare:workers';`],
  ['intruder.ts', `import * as z from 'zod';`],
] as const)('%s may not say %s', ([path, line]) => {
  const file = join(copy, path);
  writeFileSync(file, `${line}\n`);
  try {
    expect(findForbiddenImports(copy)).toHaveLength(1);
  } finally {
    rmSync(file);
  }
});
