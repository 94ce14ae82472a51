import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { b2Files } from '../adapters/files.ts';
import type { Files } from '../domain/file.ts';
import { ARCHIVES, keyOf, setUp, stateOf, unguarded } from './audit/log.ts';
import { consumed, later, statesOf, withBatch } from './consumer.ts';
import { bucketAt, read } from './files/storage.ts';
import { test, type World } from './home.ts';

const ROWS = 'select id::int, at, changed, address from audit_log order by id';

test('what is past retention goes to storage, file by file, and only that', async ({ world }) => {
  const { archive, files, faults } = await setUp(world);
  const before = await world.rows(ROWS);
  await archive();

  const archives = await world.rows(ARCHIVES);
  expect(archives.map(({ row_count }) => row_count)).toEqual([5, 5, 2]);
  expect(archives.map(({ previous_sha256 }) => previous_sha256)).toEqual([
    '0'.repeat(64),
    ...archives.slice(0, 2).map(({ sha256 }) => sha256),
  ]);
  const stored = await Promise.all(
    archives.map(async ({ object_key, version_id: version }) =>
      gunzipSync(await read((await files.get(object_key, { version }))?.body ?? null)).toString(),
    ),
  );
  const lines = stored
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ id }) => id)).toEqual(before.slice(0, 12).map(({ id }) => id));
  expect(lines.map(({ changed }) => changed)).toEqual(before.slice(0, 12).map(({ changed }) => changed));
  expect(lines.map(({ at }) => Date.parse(at))).toEqual(before.slice(0, 12).map(({ at }) => at.getTime()));
  // The whole address was cut before anything left.
  expect(new Set(lines.map(({ address }) => address))).toEqual(new Set(['203.0.113.0/24']));
  const manifest = await read((await files.get(keyOf(2, 'manifest')))?.body ?? null);
  expect(JSON.parse(Buffer.from(manifest).toString())).toMatchObject({
    number: 2,
    after_id: Number(archives[0].last_id),
    last_id: Number(archives[1].last_id),
    row_count: 5,
    object_key: keyOf(2, 'rows'),
    sha256: archives[1].sha256,
    previous_sha256: archives[0].sha256,
  });

  // What is younger stays, and the log says what has left it.
  const after = await world.rows(ROWS);
  expect(after.slice(0, 1)).toEqual(before.slice(12));
  expect(
    await world.rows(`select target_id::int from audit_log where target_type = 'audit_archive' order by id`),
  ).toEqual([{ target_id: 1 }, { target_id: 2 }, { target_id: 3 }]);
  expect(await faults()).toEqual([]);
  expect(await stateOf(world)).toEqual({ broken: null, succeeded_at: expect.any(Date) });
  await archive();
  expect(await world.rows(ARCHIVES)).toEqual(archives);

  // A year later by the setting, the next continues the chain.
  await world.rows('update app_setting set audit_retention_days = 200');
  await archive();
  expect((await world.rows(ARCHIVES)).slice(3)).toMatchObject([{ row_count: 1, previous_sha256: archives[2].sha256 }]);
  expect(await faults()).toEqual([]);
});

test('no other way leads out of the log, and the one that does believes nothing', async ({ world }) => {
  const { archive } = await setUp(world, 7);
  const as = async (query: string, values: unknown[] = []) =>
    await world.rows(query, values).then(
      ({ length }) => `${length} rows`,
      (error) => String(error.message),
    );
  /** An archive of the one row with the lowest id. */
  const ofOne = async (end: { number: number; last_id: number; sha256: string }) => {
    const [row] =
      await world.rows(`select id::int as last_id, encode(sha256(convert_to(hd_audit_line(l), 'UTF8')), 'hex')
      as content_sha256 from audit_log l order by id limit 1`);
    const names = {
      object_key: 'k',
      version_id: 'v',
      manifest_key: 'm',
      manifest_version_id: 'v',
      manifest_sha256: '',
    };
    const chain = {
      number: end.number + 1,
      after_id: end.last_id,
      previous_sha256: end.sha256,
      sha256: 'a'.repeat(64),
    };
    return { ...row, ...names, ...chain, row_count: 1, size: 1 };
  };
  const offer = (made: object) => as('select hd_archive_audit($1)', [JSON.stringify(made)]);
  const first = await ofOne({ number: 0, last_id: 0, sha256: '0'.repeat(64) });
  expect(await offer(first)).toBe('audit archive 1 has whole addresses');
  await archive();

  for (const table of ['audit_log', 'audit_archive']) {
    expect(await as(`delete from ${table}`)).toBe(`${table} is append-only`);
    expect(await as(`truncate ${table}`)).toBe(`${table} is append-only`);
  }
  await world.rows('set role honeydue_app');
  await world.rows(`select set_config('hd.maintenance', 'archive_audit', false)`);
  for (const query of ['delete from audit_log', 'delete from audit_archive', 'update audit_archive set size = 0'])
    expect(await as(query)).toContain('permission denied');
  expect(await as('insert into audit_archive select * from audit_archive')).toContain('permission denied');
  await world.rows('reset role');
  await world.rows(`select set_config('hd.maintenance', '', false)`);

  const [, { number, last_id, sha256 }] = await world.rows(ARCHIVES);
  const next = await ofOne({ number: Number(number), last_id: Number(last_id), sha256 });
  expect(await offer(next)).toBe('audit archive 3 has rows that are not past retention');
  await world.rows('update app_setting set audit_retention_days = 200');
  for (const wrong of [{ number: 2 }, { number: 4 }, { after_id: 0 }, { previous_sha256: '0'.repeat(64) }])
    expect(await offer({ ...next, ...wrong })).toContain('is not the next of its chain');
  expect(await offer({ ...next, content_sha256: sha256 })).toContain('does not hold the rows that the log has');
  expect(await offer({ ...next, last_id: next.last_id + 1 })).toContain('are not past retention');
  expect(await world.rows(ARCHIVES)).toHaveLength(2);
  expect(await offer(next)).toBe('1 rows');
  expect(await world.rows('select from audit_log where id <= $1', [next.last_id])).toEqual([]);
});

test('an attempt may end anywhere, and the next one finds all rows once', async ({ world }) => {
  const { archive, faults, files } = await setUp(world, 0);
  const { db } = world.ports;
  const made: number[] = [];
  /** Ends a run once its n-th call outside is done, and before anybody has heard of that. */
  const endingAfter = (n: number) => {
    let calls = 0;
    const call = async <T>(make: () => Promise<T>): Promise<T> => {
      calls += 1;
      const made = await make();
      if (calls === n) throw new Error('the power is gone');
      return made;
    };
    const faulty: Files = {
      ...files,
      put: (...args) => call(() => files.put(...args)),
      get: (...args) => call(() => files.get(...args)),
      listVersions: (...args) => call(() => files.listVersions(...args)),
    };
    return { ports: { db: withBatch(db, call), files: faulty }, hasEnded: () => calls >= n };
  };
  for (let n = 1, isOver = false; !isOver; n += 1) {
    made.push(...(await aYearLater(world)));
    const { ports, hasEnded } = endingAfter(n);
    await archive(ports).catch((error) => expect(String(error)).toContain('the power is gone'));
    isOver = !hasEnded();
    await archive();
  }
  expect(await faults()).toEqual([]);
  expect(made.length).toBeGreaterThan(40);
  const archived = await Promise.all(
    (await world.rows(ARCHIVES)).map(async ({ object_key, version_id: version }) =>
      gunzipSync(await read((await files.get(object_key, { version }))?.body ?? null)).toString(),
    ),
  );
  const ids = archived
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(ids).toEqual(made);
  // What an attempt has left whole is not made again.
  const { versions } = await files.listVersions('audit/');
  expect(versions.filter(({ is_latest }) => !is_latest).length).toBeLessThan(6);
});

/** Adds rows to the log, and makes all of it old; answers their ids. */
async function aYearLater(world: World): Promise<number[]> {
  await world.rows(`insert into audit_log (actor_type, action, target_type, target_id)
    select 'system', 'updated', 'task', 1 from generate_series(1, 2)`);
  return await unguarded(world, `update audit_log set at = now() - interval '400 days'`);
}

test('nothing is removed that cannot be read back', async ({ world }) => {
  const { archive, files } = await setUp(world, 3);
  const before = await world.rows(ROWS);
  const damaged: Files['get'] = async (key, options) => {
    const got = await files.get(key, options);
    if (!got?.body || !key.endsWith('-rows')) return got;
    const bytes = await read(got.body);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    return { ...got, body: new Blob([bytes.slice()]).stream() };
  };
  await expect(archive({ files: { ...files, get: damaged } })).rejects.toThrow('read back it was changed');
  await expect(archive({ files: { ...files, get: async () => null } })).rejects.toThrow('read back it is missing');
  expect(await world.rows(ARCHIVES)).toEqual([]);
  expect((await world.rows(ROWS)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));

  // Left whole by an attempt, and its rows are in the log no more: whoever took them out has not passed by the function.
  const away: Files['get'] = async (key, options) => {
    if (options?.version) throw new Error('the power is gone');
    return await files.get(key, options);
  };
  await expect(archive({ files: { ...files, get: away } })).rejects.toThrow('the power is gone');
  await unguarded(world, 'delete from audit_log where target_id = 2');
  await archive();
  expect(await world.rows(ARCHIVES)).toEqual([]);
  expect(await stateOf(world)).toMatchObject({ broken: expect.stringContaining(`${keyOf(1, 'rows')} was left`) });
});

test('of two workers at once one records what it made, and its files stay the newest', async ({ world }) => {
  const { archive, files, faults } = await setUp(world, 3);
  // The other has put its rows over those that are read back.
  let has_met = false;
  const get: Files['get'] = async (key, options) => {
    if (options?.version && !has_met) {
      has_met = true;
      await files.put(keyOf(1, 'rows'), Buffer.from('other rows'), { content_type: 'application/gzip' });
    }
    return await files.get(key, options);
  };
  await expect(archive({ files: { ...files, get } })).rejects.toThrow('was written over meanwhile');
  expect(await world.rows(ARCHIVES)).toEqual([]);
  // The other begins and ends between the first's beginning and its files.
  let has_run = false;
  const put: Files['put'] = async (...args) => {
    if (!has_run) await archive();
    has_run = true;
    return await files.put(...args);
  };
  await archive({ files: { ...files, put } });
  expect(await world.rows(ARCHIVES)).toHaveLength(1);
  expect(await faults()).toEqual([]);
});

test('each night once, by the origin, and again if storage is away', async ({ world }) => {
  const { archive } = await setUp(world, 3);
  await world.tick('25 5 * * *');
  await world.tick('25 5 * * *');
  const events = await world.rows(`select id::int, queue from outbox where event = '{"type":"audit.archive_due"}'`);
  expect(events).toEqual([{ id: expect.any(Number), queue: 'long' }]);
  const ids = events.map(({ id }) => id);
  const away = b2Files(bucketAt('http://127.0.0.1:1', { ask_ms: 200 }));
  await consumed(world, ids, { worker: { archiveAudit: () => archive({ files: away }) } });
  expect(await statesOf(world, ids)).toMatchObject([
    { state: 'later', error: expect.stringContaining('out of reach') },
  ]);
  await later(world);
  // The edge has no time for it.
  await consumed(world, ids);
  expect(await statesOf(world, ids)).toMatchObject([
    { state: 'later', error: expect.stringContaining('origin alone') },
  ]);
  await later(world);
  await consumed(world, ids, { worker: { archiveAudit: archive } });
  expect(await statesOf(world, ids)).toMatchObject([{ state: 'done' }]);
  expect(await world.rows(ARCHIVES)).toHaveLength(1);
});
