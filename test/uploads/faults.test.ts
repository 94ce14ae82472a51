import { expect } from 'vitest';
import { b2Files } from '../../adapters/files.ts';
import { connect } from '../../db/client.ts';
import { leftOf } from '../../usecases/deadline.ts';
import { appUrl } from '../database.ts';
import {
  busy,
  type Exchange,
  hang,
  lieAbout,
  loseAnswer,
  pass,
  reset,
  stall,
  startFaulty,
  truncate,
} from '../files/faulty.ts';
import { bucketAt } from '../files/storage.ts';
import { test } from '../home.ts';
import { sha256 } from '../s3/local.ts';
import { photoOf, picture, prepare, readBytes, storageOf, upload } from './storage.ts';

/** As short as a test may wait; the rest is a busy machine's. */
const HASTY = { ask_ms: 600, send_ms: 600, idle_ms: 300 };
const SOON_MS = 5000;

const FAULTS: [name: string, fault: (exchange: Exchange, number: number) => void][] = [
  ['is busy', busy()],
  ['resets', reset],
  ['hangs', hang],
  ['loses its answers', loseAnswer],
  ['breaks off', truncate],
  ['stalls', stall],
];

test('a storage in trouble: 502 in time, nothing half-made, and well again when it is', async ({ world }) => {
  const local = await storageOf(world);
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { upload_id } = await upload(world, owner, picture(50_000));
  const read = await photoOf(world, owner, (await world.task(owner, residence_id)).id, picture(50_000));
  const sound = world.ports.files;
  const input = { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids: [upload_id] };
  const complete = () =>
    world.send('POST', '/api/task-completions/', owner, input, { headers: { 'idempotency-key': 'k' } });
  const TRACES = `select (select count(*) from task_taskcompletion) c, (select count(*) from pending_uploads) u,
    (select count(*) from outbox) o, (select count(*) from idempotency_key) k, (select count(*) from audit_log) a`;

  for (const [name, fault] of FAULTS) {
    const { url } = await startFaulty(local.url, fault);
    world.ports.files = b2Files(bucketAt(url, HASTY));
    const before = await world.rows(TRACES);
    const started = performance.now();
    const claimed = await complete();
    expect([claimed.status, claimed.body.code, claimed.headers.get('retry-after')], name).toEqual([
      502,
      'storage_unavailable',
      '5',
    ]);
    expect(claimed.text).not.toMatch(/127\.0\.0\.1|completion\/|ECONN|SlowDown/);
    expect(await world.rows(TRACES), name).toEqual(before);
    // Once bytes are under way an answer can only break off: it must not look whole.
    const got = await readBytes(world, read.url, owner).catch((error: Error) => error);
    expect(got instanceof Error || got.status === 502, name).toBe(true);
    expect(performance.now() - started, name).toBeLessThan(SOON_MS);
    expect((await readBytes(world, read.url, owner, { 'if-none-match': '*' })).status).toBe(304);
    expect((await world.send('HEAD', read.url, owner)).status).toBe(200);
  }

  const liar = await startFaulty(local.url, lieAbout('content-range', 'bytes 0-49999/50001'));
  world.ports.files = b2Files(bucketAt(liar.url, HASTY));
  expect((await complete()).body.code).toBe('file_size_mismatch');
  const ranged = { range: 'bytes=0-49999' };
  expect((await readBytes(world, read.url, owner, ranged)).status).toBe(502);

  const slow = await startFaulty(local.url, (exchange, number) => (number === 1 ? busy() : pass)(exchange));
  world.ports.files = b2Files(bucketAt(slow.url));
  expect((await complete()).status).toBe(201);
  world.ports.files = sound;
  const { status, bytes } = await readBytes(world, read.url, owner);
  expect([status, sha256(bytes)]).toEqual([200, sha256(read.bytes)]);
});

test('a file that is not as long as its row says is not given out', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const { image_id, url, bytes } = await photoOf(world, owner, (await world.task(owner, residence_id)).id);
  await prepare(world, image_id, sha256(bytes));
  await world.rows('update task_taskcompletionimage set size = 1999');
  expect((await world.send('GET', url, owner)).body.code).toBe('storage_unavailable');
});

test('waiting for storage takes nothing from the time that the database has', async ({ world }) => {
  const local = await storageOf(world);
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { upload_id } = await upload(world, owner, picture());
  const slow = await startFaulty(local.url, ({ forward }) => void setTimeout(forward, 1200));
  const meter = { trips: 0, db_ms: 0, auth_ms: 0 };
  const ports = {
    meter,
    db: connect(appUrl(world.name), leftOf(meter, 1000)),
    files: b2Files(bucketAt(slow.url)),
  };
  const input = { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids: [upload_id] };
  expect((await world.send('POST', '/api/task-completions/', owner, input, { ports })).status).toBe(201);
  // What is left is of all trips together.
  meter.db_ms = 1000;
  const late = await world.send('GET', '/api/auth/me/', owner, undefined, { ports });
  expect([late.status, late.body.code]).toEqual([503, 'database_unavailable']);
});
