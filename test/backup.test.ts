import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { b2Files } from '../adapters/files.ts';
import { backUp, keysOf } from '../origin/backup/back-up.ts';
import { backupKey, expired } from '../origin/backup/keep.ts';
import { libpqEnvironment } from '../origin/backup/libpq.ts';
import { pgRestore } from '../origin/backup/restore.ts';
import { unseal } from '../origin/backup/seal.ts';
import { bucketAt, randomBytes, read } from './files/storage.ts';
import { startLocal } from './s3/local.ts';

const NIGHT = '2026-11-21T03:15:00.000Z';
const URL = 'postgresql://honeydue_backup:p%40ss@db.example.com/honeydue?sslmode=require&channel_binding=require';
const DAY_MS = 86_400_000;

// PostgreSQL's tools are not those of the tests' server: what they are given and how they end is played by a script.
const folder = mkdtempSync(join(tmpdir(), 'honeydue-backup-'));
const path = process.env.PATH;
beforeAll(() => {
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});
const tool = (name: 'pg_dump' | 'pg_restore', script: string) =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const at = (name: string) => join(folder, name);

async function setUp() {
  const identity = await generateX25519Identity();
  const files = b2Files(bucketAt((await startLocal()).url));
  const logged: [string, object?][] = [];
  const settings = { BACKUP_DATABASE_URL: URL, BACKUP_RECIPIENT: await identityToRecipient(identity) };
  const backUpAt = (now: string) =>
    backUp(settings, { files, now: () => now, log: (event, fields) => void logged.push([event, fields]) });
  return { identity, files, logged, backUpAt };
}

test('a dump goes to storage, where only its reader can read it, and comes back whole', async () => {
  const { identity, files, logged, backUpAt } = await setUp();
  const content = randomBytes(12 * 1024 ** 2);
  writeFileSync(at('content'), content);
  tool('pg_dump', `printenv | grep ^PG | sort > ${at('said')}; echo "$@" >> ${at('said')}; cat ${at('content')}`);
  const key = await backUpAt(NIGHT);
  expect(key).toBe('backup/2026-11-21T03-15-00.000Z.dump.age');
  expect(readFileSync(at('said'), 'utf8').split('\n')).toEqual([
    'PGCHANNELBINDING=require',
    'PGCONNECT_TIMEOUT=15',
    'PGDATABASE=honeydue',
    'PGHOST=db.example.com',
    'PGPASSWORD=p@ss',
    'PGPORT=5432',
    'PGSSLMODE=require',
    'PGUSER=honeydue_backup',
    '--format=custom --compress=zstd:6 --no-password',
    '',
  ]);
  expect(logged).toMatchObject([
    ['backup.made', { key }],
    ['backup.expired', { keys: [] }],
  ]);

  const stored = await read((await files.get(key))?.body ?? null);
  expect(Buffer.from(stored.slice(0, 21)).toString()).toBe('age-encryption.org/v1');
  const opened = await unseal(new Blob([stored]).stream(), identity);
  expect(Buffer.compare(await read(opened), content)).toBe(0);
  await expect(unseal(new Blob([stored]).stream(), await generateX25519Identity())).rejects.toThrow();

  tool('pg_restore', `cat > ${at('restored')}; echo "$@" > ${at('said')}`);
  await pgRestore(URL, await unseal(new Blob([stored]).stream(), identity));
  expect(Buffer.compare(readFileSync(at('restored')), content)).toBe(0);
  expect(readFileSync(at('said'), 'utf8')).toContain('--exit-on-error --no-owner');
  stored[stored.length - 1] = (stored.at(-1) ?? 0) ^ 1;
  await expect(pgRestore(URL, await unseal(new Blob([stored]).stream(), identity))).rejects.toThrow();
});

test.for([10, 12 * 1024 ** 2])('a dump that fails after %i bytes leaves nothing', async (bytes) => {
  const { files, backUpAt } = await setUp();
  writeFileSync(at('content'), randomBytes(bytes));
  tool('pg_dump', `cat ${at('content')}; echo "pg_dump: error: connection lost" >&2; exit 1`);
  await expect(backUpAt(NIGHT)).rejects.toThrow('pg_dump ended with 1: pg_dump: error: connection lost');
  expect((await files.listVersions('')).versions).toEqual([]);
  expect((await files.listUploads('')).uploads).toEqual([]);
});

test('a restore that PostgreSQL refuses says why', async () => {
  tool('pg_restore', 'echo "pg_restore: error: no role" >&2; exit 1');
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
  await expect(pgRestore(URL, endless)).rejects.toThrow('pg_restore ended with 1: pg_restore: error: no role');
});

test('what is old goes once a new one is there', async () => {
  const { files, backUpAt } = await setUp();
  tool('pg_dump', 'echo all of it');
  const nights = ['2026-09-30', '2026-10-02', '2026-10-03', '2026-11-20'].map((day) => `${day}T03:15:00.000Z`);
  for (const night of nights) await backUpAt(night);
  await files.put('backup/notes.txt', new TextEncoder().encode('kept'), { content_type: 'text/plain' });
  await backUpAt(NIGHT);
  // The newest three stay whatever their age, of each month the first, and what is none of ours.
  expect(await keysOf(files)).toEqual([
    ...['2026-09-30', '2026-10-02', '2026-10-03', '2026-11-20', '2026-11-21'].map((day) =>
      backupKey(`${day}T03:15:00.000Z`),
    ),
    'backup/notes.txt',
  ]);
  await backUpAt('2026-11-22T03:15:00.000Z');
  expect(await keysOf(files)).not.toContain(backupKey('2026-10-03T03:15:00.000Z'));
});

test('three years of nights leave two weeks and a year of firsts', () => {
  const began = Date.parse('2024-01-10T03:15:00Z');
  let kept: string[] = [];
  for (let night = 0; night < 3 * 365; night += 1) {
    const now = new Date(began + night * DAY_MS).toISOString();
    kept.push(backupKey(now));
    const gone = new Set(expired(kept, now));
    kept = kept.filter((key) => !gone.has(key));
  }
  const months = kept.slice(0, -15).map((key) => key.slice('backup/'.length, 'backup/2026-01-01'.length));
  expect(months).toEqual(Array.from({ length: 12 }, (_, n) => `2026-${String(n + 1).padStart(2, '0')}-01`));
  expect(kept.at(-15)).toBe(backupKey(new Date(began + (3 * 365 - 15) * DAY_MS).toISOString()));
});

test('whatever the clock says, the newest three stay, and nothing that is not ours goes', () => {
  const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 40 }), moment, fc.array(fc.string()), (moments, now, others) => {
      const ours = [...new Set(moments.map((one) => backupKey(one.toISOString())))].sort();
      const gone = expired([...ours, ...others], now.toISOString());
      expect(ours).toEqual(expect.arrayContaining(gone));
      expect(gone.filter((key) => ours.slice(-3).includes(key))).toEqual([]);
    }),
  );
});

test('a password is in no list of processes', () => {
  expect(libpqEnvironment('postgres://a:b%2Fc@h:6000/d')).toEqual({
    PGHOST: 'h',
    PGPORT: '6000',
    PGUSER: 'a',
    PGPASSWORD: 'b/c',
    PGDATABASE: 'd',
    PGCONNECT_TIMEOUT: '15',
  });
});
