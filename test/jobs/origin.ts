import { papersAt } from '../../origin/papers/make.ts';
import { consumed, later } from '../consumer.ts';
import type { World } from '../home.ts';
import { storageOf } from '../uploads/storage.ts';

/** What the origin makes of jobs. */
export const makePaperOf = ({ ports }: World) =>
  papersAt({ db: ports.db, now: ports.now, files: ports.files, log: ports.log });

/** Events that wait, by their type. */
export const waiting = async (world: World, ...types: string[]): Promise<number[]> => {
  const rows = await world.rows(
    `select id::int from outbox where event ->> 'type' = any ($1) and done_at is null and dead_at is null order by id`,
    [types],
  );
  return rows.map(({ id }) => id);
};

const REQUESTS = ['report.requested', 'export.requested'];

/** Works off what was asked for, as the origin does. */
export async function makeAll(world: World, makePaper = makePaperOf(world)): Promise<void> {
  await storageOf(world);
  await later(world);
  await consumed(world, await waiting(world, ...REQUESTS), { worker: { files: world.ports.files, makePaper } });
}

/** Deletes the objects that were discarded. */
export async function discardAll(world: World): Promise<void> {
  await later(world);
  await consumed(world, await waiting(world, 'file.discarded'), { worker: { files: world.ports.files } });
}

/** Sends the mails that wait. */
export async function mailAll(world: World): Promise<void> {
  await later(world);
  await consumed(world, await waiting(world, 'job.finished'));
}

/** The bytes behind a link to storage. */
export async function fetched(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(await answer.text());
  return new Uint8Array(await answer.arrayBuffer());
}
