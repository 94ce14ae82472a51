import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { b2Files } from '../adapters/files.ts';
import { backupKey } from '../origin/backup/keep.ts';
import { seal } from '../origin/backup/seal.ts';
import { createDatabase, ownerUrl } from './database.ts';
import { bucketAt, inPieces } from './files/storage.ts';
import { startLocal } from './s3/local.ts';

test('npm run db:restore fills an empty database from the newest backup, and puts it in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-restore-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { url } = await startLocal();
  const bucket = bucketAt(url);
  const database = await createDatabase();
  onTestFinished(database.drop);
  const target = ownerUrl(database.name);

  // The tests' server comes without pg_restore. What a dump would bring is brought by the migrations, if the dump arrives.
  const migrate = `MIGRATE_DATABASE_URL='${target}' '${process.execPath}' dev/migrate.ts`;
  writeFileSync(join(folder, 'pg_restore'), `#!/bin/sh\n[ "$(cat)" = 'all of it' ] && ${migrate}\n`, { mode: 0o755 });
  const identity = await generateX25519Identity();
  writeFileSync(join(folder, 'key.txt'), `# created: today\n# public key: age1…\n${identity}\n`);
  const put = async (moment: string, content: string) => {
    const body = await seal(inPieces(new TextEncoder().encode(content)), await identityToRecipient(identity));
    await b2Files(bucket).put(backupKey(moment), body, { content_type: 'application/octet-stream' });
  };
  await put('2026-11-20T03:15:00.000Z', 'a part of it');
  await put('2026-11-21T03:15:00.000Z', 'all of it');

  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    B2_ENDPOINT: bucket.endpoint,
    B2_REGION: bucket.region,
    B2_BUCKET: bucket.bucket,
    B2_ACCESS_KEY_ID: bucket.accessKeyId,
    B2_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    RESTORE_DATABASE_URL: target,
  };
  const run = async (...args: string[]) => await ended(['dev/restore.ts', ...args], env);
  const key = ['--identity', join(folder, 'key.txt')];

  const [listed, broken] = await Promise.all([
    run('--list'),
    run(...key, '--backup', backupKey('2026-11-20T03:15:00.000Z')),
  ]);
  expect(listed.out.trim().split('\n')).toEqual([
    backupKey('2026-11-20T03:15:00.000Z'),
    backupKey('2026-11-21T03:15:00.000Z'),
  ]);
  expect([broken.code, broken.error]).toEqual([1, expect.stringContaining('pg_restore ended with 1')]);

  const restored = await run(...key);
  expect(restored.code, restored.error).toBe(0);
  expect(restored.out).toContain(`Restoring ${backupKey('2026-11-21T03:15:00.000Z')}`);
  expect(restored.out).toMatch(/Schema: (\d+) of \1 migrations\./);
  const client = new Client({ connectionString: target });
  await client.connect();
  const { rows } = await client.query(`select nextval('outbox_id_seq')::int as id`).finally(() => client.end());
  expect(rows[0].id).toBeGreaterThan(1_000_000);

  const again = await run(...key);
  expect([again.code, again.error]).toEqual([1, expect.stringContaining('The database is not empty.')]);
}, 60_000);

/** Beside the storage, which runs in this process. */
async function ended(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, error, code };
}
