import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { b2Files } from '../../adapters/files.ts';
import { startS3 } from '../../dev/s3/server.ts';
import { archiveAt } from '../../origin/audit/archive.ts';
import { findFaults } from '../../origin/audit/verify.ts';
import { bucketAt } from '../files/storage.ts';
import type { World } from '../home.ts';
import { BUCKET, KEYS } from '../s3/local.ts';

/** So few that a handful of rows is several files, and a file several pages. */
const BOUNDS = { rows: 5, bytes: 1_000_000, page: 2 };

export const ARCHIVES = 'select * from audit_archive order by number';
export const keyOf = (number: number, part: 'rows' | 'manifest') => `audit/0000000${number}-${part}`;

/** Storage of the world's own, and `count` rows past retention, of which the first still has a whole address. */
export async function setUp(world: World, count = 12) {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-audit-'));
  const server = await startS3({ ...KEYS, port: await getPort(), folder, buckets: [BUCKET] });
  world.onClose(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const files = b2Files(bucketAt(server.url));
  world.ports.files = files;
  // What the migrations have written is of today.
  await unguarded(world, 'delete from audit_log');
  await world.rows(
    `insert into audit_log (at, actor_type, actor_id, action, target_type, target_id, residence_id, changed, address)
     select now() - interval '366 days' + n * interval '1 minute', 'user', 7, 'updated', 'task', n, 1,
       '{"title": ["#0a", "#0b"], "notes": [null, "#ü\\n"]}', case when n = 1 then '203.0.113.7' else '203.0.113.0/24' end
     from generate_series(1, $1::int) n`,
    [count],
  );
  await world.rows(`insert into audit_log (at, actor_type, action, target_type, target_id)
    values (now() - interval '364 days', 'system', 'created', 'task', 99)`);
  const archive = (more: Partial<World['ports']> = {}) => archiveAt({ ...world.ports, ...more }, BOUNDS)();
  const faults = async () => {
    const found: string[] = [];
    for await (const { key, why } of findFaults(world.ports)) found.push(`${key} ${why}`);
    return found;
  };
  /** Where the local server keeps the bytes of what an archive names. */
  const bodyOf = async (number: number) => {
    const [{ version_id }] = await world.rows('select version_id from audit_archive where number = $1', [number]);
    return join(folder, 'buckets', BUCKET, 'bodies', version_id);
  };
  return { url: server.url, files, archive, faults, bodyOf };
}

/** As somebody who owns the database and means ill; answers the ids of the rows. */
export async function unguarded(world: World, statement: string): Promise<number[]> {
  await world.rows('alter table audit_log disable trigger append_only');
  const rows = await world.rows(`with done as (${statement} returning id) select id::int from done order by id`);
  await world.rows('alter table audit_log enable trigger append_only');
  return rows.map(({ id }) => id);
}

export const stateOf = async (world: World) =>
  (await world.rows('select broken, succeeded_at from audit_archive_state'))[0];
