import { expect } from 'vitest';
import { samplePdf } from '../../dev/sample-files.ts';
import { ringHere } from '../../origin/ring.ts';
import type { Worker } from '../../usecases/ports.ts';
import { consumed, later, statesOf, withBatch } from '../consumer.ts';
import { test, type World } from '../home.ts';
import { longDue, paperOf, workOff } from './long.ts';
import { keysIn, readBytes, storageOf } from './storage.ts';

const PDF = 'application/pdf';
const MANUAL = samplePdf([['Furnace manual', 'Change the filter (20x25x4) each quarter.'], ['Model BX-7']]);
const LOCKED = samplePdf(
  [['Nobody reads this']],
  `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >> /ID [<00> <00>] `,
);
const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

/** What the rows of a document's files say of their text, in order. */
const textsOf = (world: World, document_id: number) =>
  world.rows(
    `select text, text_status, text_error, prepared_at is not null as is_prepared from task_documentimage
     where document_id = $1 order by id`,
    [document_id],
  );

test('papers are verified, stored anew and read', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const table = bytesOf('item,cost\r\nFilter,12 €\r\n');
  const empty = samplePdf([[]]);
  const { id, files } = await paperOf(world, owner, residence_id, [
    { bytes: MANUAL, content_type: PDF, filename: 'furnace.pdf' },
    { bytes: table, content_type: 'text/csv', filename: 'costs.csv' },
    { bytes: empty, content_type: PDF },
    { bytes: LOCKED, content_type: PDF },
    { bytes: bytesOf('%PDF-1.7 and nothing else'), content_type: PDF },
  ]);
  const [manual] = files;
  expect(manual.text_status).toBe('pending');
  expect((await readBytes(world, manual.url, viewer)).status).toBe(404);
  const before = await world.rows('select object_key from task_documentimage where document_id = $1', [id]);
  await workOff(world);

  const done = { text_status: 'done', text_error: null, is_prepared: true };
  const failed = { text: null, text_status: 'failed', is_prepared: true };
  expect(await textsOf(world, id)).toEqual([
    { text: 'Furnace manual\nChange the filter (20x25x4) each quarter.\nModel BX-7', ...done },
    { text: 'item,cost\r\nFilter,12 €\r\n', ...done },
    { text: '', ...done },
    { text_error: 'pdf_encrypted', ...failed },
    { text_error: 'file_damaged', ...failed },
  ]);
  const { body } = await world.send('GET', `/api/documents/${id}/`, viewer);
  expect(body.files.map(({ text_status }: { text_status: string }) => text_status)).toEqual([
    ...Array(3).fill('done'),
    ...Array(2).fill('failed'),
  ]);
  const read = await readBytes(world, body.files[0].url, viewer);
  expect([read.status, read.bytes]).toEqual([200, MANUAL]);
  // Who had a URL to put the file to may put something else there: no row names that key any more.
  const after = await world.rows('select object_key from task_documentimage where document_id = $1', [id]);
  expect(after.filter(({ object_key }) => before.some((row) => row.object_key === object_key))).toEqual([]);
  const found = await world.send('GET', '/api/search/?q=filter%20quarter', viewer);
  expect(found.body.results).toMatchObject([{ id }]);
});

test('reading can be asked for again, and begins where it has failed', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const { id, files } = await paperOf(world, owner, residence_id, [
    { bytes: MANUAL, content_type: PDF },
    { bytes: bytesOf('A day at the lake.'), content_type: 'text/plain', sha256: '0'.repeat(64) },
  ]);
  await workOff(world);
  const [manual, note] = files;
  const mismatch = { text: null, text_status: 'failed', text_error: 'sha256_mismatch', is_prepared: false };
  expect((await textsOf(world, id))[1]).toEqual(mismatch);
  const told = await world.send('GET', `/api/documents/${id}/`, member);
  expect(told.body.files.map(({ fault }: { fault: string | null }) => fault)).toEqual([null, 'sha256_mismatch']);

  await world.rows(
    `update task_documentimage set text = null, text_status = 'failed', sha256 = null where id = any ($1)`,
    [[manual.id, note.id]],
  );
  const again = (file_id: number) => `/api/documents/${id}/files/${file_id}/extract/`;
  expect((await world.send('POST', again(manual.id), viewer)).status).toBe(403);
  expect((await world.send('POST', again(999_999), member)).status).toBe(404);
  for (const file of [manual, note]) {
    const { status, body } = await world.send('POST', again(file.id), member);
    expect([status, body.id]).toEqual([200, id]);
  }
  const traces = await world.rows(
    `select actor_id::int, changed->'text_status' as status from audit_log where target_type = 'document_file'
     and target_id = $1 and actor_type = 'user' and action = 'updated'`,
    [note.id],
  );
  expect(traces).toEqual([{ actor_id: member.user_id, status: ['failed', 'pending'] }]);
  await workOff(world);
  expect(await textsOf(world, id)).toMatchObject([
    { text: expect.stringContaining('Furnace manual'), text_status: 'done' },
    { text: 'A day at the lake.', text_status: 'done', is_prepared: true },
  ]);
});

test('more papers at once than the origin takes at a time are all read, with what follows from them', async ({
  world,
}) => {
  const { owner, residence_id } = await world.home();
  const notes = Array.from({ length: 8 }, (_, n) => ({ bytes: bytesOf(`Note ${n}`), content_type: 'text/plain' }));
  const { id } = await paperOf(world, owner, residence_id, notes);
  const due = await longDue(world);
  await ringHere(world.ports).ring(due.map((event_id) => ({ event_id, queue: 'long' })));
  expect((await textsOf(world, id)).map(({ text }) => text)).toEqual(notes.map((_, n) => `Note ${n}`));
  expect(await longDue(world)).toEqual([]);
});

/** A worker that is killed at the n-th point: there is one before and one after each trip and each thing stored. */
function mortal({ ports }: World, dies_at: number) {
  let points = 0;
  const death = Promise.withResolvers<'killed'>();
  const point = async () => {
    points += 1;
    if (points < dies_at) return;
    death.resolve('killed');
    await new Promise(() => {});
  };
  const across = async <T>(step: () => Promise<T>): Promise<T> => {
    await point();
    const made = await step();
    await point();
    return made;
  };
  const { db, files } = ports;
  const worker: Partial<Worker> = {
    db: withBatch(db, across),
    files: { ...files, put: (...given) => across(() => files.put(...given)) },
  };
  return { worker, killed: death.promise };
}

test('a worker that is killed at any point leaves one file, prepared and read once', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await storageOf(world);
  let n = 1;
  for (; n < 40; n += 1) {
    const { id } = await paperOf(world, owner, residence_id, [
      { bytes: bytesOf(`Note ${n}`), content_type: 'text/plain' },
    ]);
    await world.rows('delete from rate_counter');
    const due = await longDue(world);
    const { worker, killed } = mortal(world, n);
    const end = await Promise.race([killed, consumed(world, due, { worker })]);
    await later(world);
    await workOff(world);
    expect((await statesOf(world, due)).map(({ state }) => state)).toEqual(['done']);
    expect(await textsOf(world, id)).toEqual([
      { text: `Note ${n}`, text_status: 'done', text_error: null, is_prepared: true },
    ]);
    if (end !== 'killed') break;
  }
  // Two for each of: claim, read, the file, the record.
  expect(n).toBe(9);
  // A kill between the file and its row leaves an object that the reconciler finds.
  const named = await world.rows('select object_key from hd_named_object');
  const discarded = await world.rows(
    `select event->>'object_key' as object_key from outbox where event->>'type' = 'file.discarded'`,
  );
  const known = new Set([...named, ...discarded].map(({ object_key }) => object_key));
  expect((await keysIn(world)).filter((key) => !known.has(key))).toHaveLength(2);
});
