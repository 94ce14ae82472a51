import { execFile } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { ARCHIVES, keyOf, setUp, stateOf } from './audit/log.ts';
import { appUrl } from './database.ts';
import { bucketAt } from './files/storage.ts';
import { test, type World } from './home.ts';
import { BUCKET } from './s3/local.ts';

test('whatever becomes of a file is told by its name, and nothing more leaves the log', async ({ world }) => {
  const { url, archive, files, faults, bodyOf } = await setUp(world, 22);
  await archive();
  const archives = await world.rows(ARCHIVES);
  expect(archives).toHaveLength(5);

  // One byte, of the rows and of a manifest.
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };
  flip(await bodyOf(2), 30);
  expect(await faults()).toEqual([expect.stringMatching(/^audit\/00000002-rows was changed/)]);
  flip(await bodyOf(2), 30);
  // In the head of a gzip file stands what nobody reads.
  flip(await bodyOf(2), 9);
  expect(await faults()).toEqual([`${keyOf(2, 'rows')} was changed: its SHA-256 is another`]);
  flip(await bodyOf(2), 9);
  expect(await faults()).toEqual([]);

  // Two that changed places.
  const [third, fourth] = [await bodyOf(3), await bodyOf(4)];
  const swap = () => {
    renameSync(third, `${third}.away`);
    renameSync(fourth, third);
    renameSync(`${third}.away`, fourth);
  };
  swap();
  expect((await faults()).map((fault) => fault.split(' ')[0])).toEqual([keyOf(3, 'rows'), keyOf(4, 'rows')]);
  swap();

  // One that somebody wrote over: the old version would go after a day.
  const { version } = await files.put(keyOf(1, 'manifest'), Buffer.from('{}'), { content_type: 'application/json' });
  expect(await faults()).toEqual([`${keyOf(1, 'manifest')} was written over, or deleted without a version`]);
  await files.delete(keyOf(1, 'manifest'), version);

  // One that is gone, in storage.
  await files.delete(keyOf(4, 'rows'), archives[3].version_id);
  expect(await faults()).toEqual([`${keyOf(4, 'rows')} is missing`]);
  await world.rows('update app_setting set audit_retention_days = 200');
  await archive();
  expect(await world.rows(ARCHIVES)).toHaveLength(5);
  expect(await stateOf(world)).toMatchObject({ broken: `${keyOf(4, 'rows')} is missing` });
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'audit.broken', key: keyOf(4, 'rows') }));

  // An operator takes note of the loss, and archiving goes on. It is still told of.
  await world.rows(`update audit_archive_state set accepted = '{4}'`);
  await archive();
  expect(await world.rows(ARCHIVES)).toHaveLength(6);
  expect(await stateOf(world)).toMatchObject({ broken: null });

  // One that is skipped, in the database and in storage; by somebody who owns both.
  await world.rows('alter table audit_archive disable trigger append_only');
  await world.rows('delete from audit_archive where number = 2');
  for (const part of ['rows', 'manifest'] as const) await files.delete(keyOf(2, part));
  const gone = [`${keyOf(2, 'rows')} was skipped: the database does not know it`, `${keyOf(4, 'rows')} is missing`];
  expect(await faults()).toEqual(gone);
  await archive();
  expect(await stateOf(world)).toMatchObject({ broken: gone[0] });
  // … with the numbers closed up after it.
  await world.rows('update audit_archive set number = number - 1 where number > 2');
  expect(await faults()).toContain(`${keyOf(3, 'rows')} does not continue archive 1: the chain is broken`);
  await world.rows('delete from audit_archive where number > 1');
  expect(await faults()).toEqual([
    `${keyOf(3, 'rows')} lies in storage, and the database does not know it`,
    `${keyOf(4, 'rows')} lies in storage, and the database does not know it`,
    `${keyOf(5, 'rows')} lies in storage, and the database does not know it`,
    `${keyOf(6, 'rows')} lies in storage, and the database does not know it`,
  ]);

  const { code, output } = await verified(world, url);
  expect(output).toContain(`${keyOf(6, 'rows')} lies in storage`);
  expect(output).toContain('1 archives, 5 rows, 1 files read, 4 at fault');
  expect(code).toBe(1);
  await world.rows('delete from audit_archive');
  for (const number of [1, 3, 4, 5, 6])
    for (const part of ['rows', 'manifest'] as const) await files.delete(keyOf(number, part));
  expect(await verified(world, url)).toEqual({ code: 0, output: expect.stringContaining('0 archives, 0 rows') });
});

/** `npm run audit:verify`, as an operator runs it. */
async function verified(world: World, B2_ENDPOINT: string) {
  const { region: B2_REGION, accessKeyId, secretAccessKey } = bucketAt(B2_ENDPOINT);
  const keys = { B2_ACCESS_KEY_ID: accessKeyId, B2_SECRET_ACCESS_KEY: secretAccessKey };
  const names = { B2_ENDPOINT, B2_REGION, B2_BUCKET: BUCKET, DATABASE_URL: appUrl(world.name) };
  const env = { ...process.env, ...keys, ...names };
  return await new Promise<{ code: unknown; output: string }>((resolve) =>
    execFile('node', ['dev/verify-audit.ts'], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: stdout + stderr }),
    ),
  );
}
