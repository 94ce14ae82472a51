import { fileWork } from '../../origin/files/work.ts';
import type { Worker } from '../../usecases/ports.ts';
import { consumed } from '../consumer.ts';
import type { Person, World } from '../home.ts';
import { storageOf, upload } from './storage.ts';

/** Works off whatever waits for the origin, and what follows from that, as the origin does. */
export async function workOff(world: World, worker: Partial<Worker> = {}): Promise<void> {
  await storageOf(world);
  for (let due = await longDue(world); due.length > 0; due = await longDue(world)) {
    await consumed(world, due, { worker: { fileWork: fileWork(), ...worker } });
  }
}

export async function longDue(world: World): Promise<number[]> {
  const rows = await world.rows(
    `select id::int from outbox where queue = 'long' and done_at is null and dead_at is null and run_at <= now() order by id`,
  );
  return rows.map(({ id }) => id);
}

type File = { bytes: Uint8Array<ArrayBuffer>; content_type: string; filename?: string; sha256?: string };

/** A document with these files, uploaded and claimed by somebody; as it was answered. */
export async function paperOf(world: World, by: Person, residence_id: number, files: File[]) {
  const upload_ids = [];
  for (const { bytes, ...more } of files) {
    upload_ids.push((await upload(world, by, bytes, { category: 'document', ...more })).upload_id);
  }
  const input = { residence_id, title: 'Furnace', document_type: 'manual', upload_ids };
  const { status, body } = await world.send('POST', '/api/documents/', by, input);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}
