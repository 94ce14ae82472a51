import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { Document } from '../domain/document.ts';
import { UploadedDocument } from '../domain/document-upload.ts';
import { AppError } from '../domain/errors.ts';
import { steadily } from '../workers/http/steadily.ts';
import { inPieces, randomBytes } from './files/storage.ts';
import { type Person, test, type World } from './home.ts';
import { sha256 } from './s3/local.ts';
import { keysIn, picture, readBytes, storageOf } from './uploads/storage.ts';

const PATH = '/api/documents/upload/';
const BOUNDARY = 'x-boundary-x';
const TYPE = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const COUNTS = `select (select count(*) from task_document)::int d, (select count(*) from task_documentimage)::int f,
  (select count(*) from idempotency_key)::int k`;
const NOTHING = [{ d: 0, f: 0, k: 0 }];

type Fields = Record<string, string | number>;

/** A PDF by its beginning alone. */
function paper(length: number): Uint8Array<ArrayBuffer> {
  const bytes = randomBytes(length);
  bytes.set(new TextEncoder().encode('%PDF-1.7\n'));
  return bytes;
}

function formOf(fields: Fields, bytes?: Uint8Array<ArrayBuffer>, filename = 'manual.pdf', type = 'application/pdf') {
  const form = new FormData();
  if (bytes) form.set('file', new File([bytes], filename, { type }));
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return form;
}

/** The same as bytes, to be cut. */
const formBytes = (fields: Fields, bytes: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="manual.pdf"\r\n\r\n`),
    bytes,
    ...Object.entries(fields).map(([name, value]) =>
      Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`),
    ),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

/** What came and did not stay: no row, no object, no part of one. */
async function expectNothing(world: World) {
  expect(await world.rows(COUNTS)).toEqual(NOTHING);
  expect(await keysIn(world)).toEqual([]);
  expect((await world.ports.files.listUploads('')).uploads).toEqual([]);
}

test('a form becomes a document with its file', async ({ world }) => {
  await storageOf(world);
  const { owner, member, viewer, residence_id } = await world.home();
  const bytes = paper(6_000_000);
  const form = formOf({ document_type: 'warranty', residence_id, unknown: 'x' }, bytes, '../Ann’s oven.pdf');
  const made = await world.send('POST', PATH, member, form);
  expect(made.status, made.text).toBe(201);
  const answer = UploadedDocument.strict().parse(made.body);
  expect(answer).toMatchObject({ filename: 'Ann’s oven.pdf', document_type: 'warranty', status: 'uploaded' });
  expect(await keysIn(world)).toEqual([answer.storage_path]);

  const { body } = await world.send('GET', `/api/documents/${answer.id}/`, viewer);
  const [file] = Document.strict().parse(body).files;
  expect(body).toMatchObject({ title: 'Ann’s oven', document_type: 'warranty', residence_id });
  expect(file).toMatchObject({
    filename: 'Ann’s oven.pdf',
    content_type: 'application/pdf',
    size: bytes.length,
    sha256: sha256(bytes),
    text_status: 'pending',
  });
  const read = await readBytes(world, file?.url ?? '', member);
  expect([read.status, sha256(read.bytes)]).toEqual([200, sha256(bytes)]);
  const facts = await world.rows(
    `select event from outbox where event ->> 'type' in ('document.created', 'file.added')`,
  );
  expect(facts.map(({ event }) => event)).toEqual([
    { type: 'file.added', kind: 'document', file_id: file?.id },
    { type: 'document.created', residence_id, document_id: answer.id },
  ]);
  const trace = await world.rows(`select target_type, actor_id::int from audit_log where target_type like 'document%'`);
  expect(trace).toEqual(
    ['document', 'document_file'].map((target_type) => ({ target_type, actor_id: member.user_id })),
  );
  const titled = formOf({ title: 'Oven', document_type: 'photo', residence_id }, picture(), 'x.png', '');
  expect((await world.send('POST', PATH, owner, titled)).status).toBe(201);
  const [newest] = (await world.send('GET', '/api/documents/', owner)).body.results;
  expect(newest).toMatchObject({ title: 'Oven', files: [{ content_type: 'image/png', text_status: 'none' }] });
});

test('what is not stored is refused with its code, and nothing of it stays', async ({ world }) => {
  await storageOf(world);
  const { owner, viewer, stranger, residence_id } = await world.home();
  const fields = { document_type: 'manual', residence_id };
  const text = (words: string) => new TextEncoder().encode(words);
  const zip = Uint8Array.from([0x50, 0x4b, 3, 4, ...randomBytes(2000)]);
  const end = Buffer.alloc(22);
  end.set([0x50, 0x4b, 5, 6]);
  const wide = picture();
  new DataView(wide.buffer).setUint32(16, 65_000);
  const files: [status: number, code: string, form: FormData][] = [
    [422, 'file_type_mismatch', formOf(fields, text('<!doctype html><script>1</script>'))],
    [422, 'file_active_content', formOf(fields, text('<svg xmlns="x"/>'), 'a.svg', 'image/svg+xml')],
    [422, 'file_polyglot', formOf(fields, text('%PDF-1.7\n<script>1</script>'))],
    [422, 'file_polyglot', formOf(fields, new Uint8Array(Buffer.concat([paper(6_000_000), end])))],
    [422, 'file_archive_refused', formOf(fields, zip, 'bomb.zip', 'application/zip')],
    [422, 'file_type_mismatch', formOf(fields, zip, 'bomb.pdf')],
    [422, 'file_empty', formOf(fields, new Uint8Array(0))],
    [422, 'image_too_large', formOf(fields, wide, 'wide.png', 'image/png')],
    [400, 'validation', formOf(fields)],
    [400, 'validation', formOf({ ...fields, document_type: 'novel' }, paper(9000))],
    [400, 'validation', formOf({ document_type: 'manual' }, paper(9000))],
    [404, 'not_found', formOf({ ...fields, residence_id: 999_999 }, paper(9000))],
  ];
  for (const [status, code, form] of files) {
    const answer = await world.send('POST', PATH, owner, form, { headers: { 'idempotency-key': 'k' } });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    await expectNothing(world);
  }
  const twice = formOf(fields, paper(9000));
  twice.append('file', new File(['x'], 'x.txt'));
  expect((await world.send('POST', PATH, owner, twice)).body.fields).toEqual({ file: [expect.any(String)] });
  expect((await world.send('POST', PATH, viewer, formOf(fields, paper(9000)))).status).toBe(403);
  expect((await world.send('POST', PATH, stranger, formOf(fields, paper(9000)))).status).toBe(404);
  const json = await world.send('POST', PATH, owner, { ...fields });
  expect([json.status, json.body.code]).toEqual([415, 'unsupported_media_type']);
  await expectNothing(world);
});

test('whoever is not signed in sends nothing, and who has no room keeps nothing', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const form = () => formOf({ document_type: 'manual', residence_id }, paper(9000));
  let pulled = 0;
  const pull = (to: ReadableStreamDefaultController) => to.enqueue(new Uint8Array(1000 + pulled++));
  const body = () => new ReadableStream({ pull }, { highWaterMark: 0 });
  const made_up = { ...owner, token: `hd_${'x'.repeat(43)}` };
  expect((await world.send('POST', PATH, made_up, body(), { headers: TYPE })).status).toBe(401);
  const huge = { ...TYPE, 'content-length': `${60 * 1024 ** 2}` };
  expect((await world.send('POST', PATH, owner, body(), { headers: huge })).status).toBe(413);
  expect(pulled).toBe(0);
  await world.rows('update subscription_subscriptionsettings set limitations_enabled = true, trial_days = 0');
  await world.rows('update subscription_tierlimits set documents = 0');
  expect((await world.send('POST', PATH, owner, form())).body.code).toBe('tier_limit_reached');
  await expectNothing(world);
});

test('a key makes it once, however often and however close it comes', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const send = (more: Parameters<World['send']>[4] = {}) =>
    world.send('POST', PATH, owner, formOf({ document_type: 'manual', residence_id }, paper(9000)), {
      headers: { 'idempotency-key': 'k' },
      ...more,
    });
  const answers = await Promise.all([send(), send(), send()]);
  const trips = world.trips.length;
  answers.push(await send());
  expect(world.trips.length - trips).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(3);
  expect(await world.rows(COUNTS)).toEqual([{ d: 1, f: 1, k: 1 }]);
  expect(await keysIn(world)).toEqual([answers[0]?.body.storage_path]);
});

test('a form that breaks off is a document or nothing, wherever it does', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const bytes = formBytes({ document_type: 'manual', residence_id }, paper(6_000_000));
  const send = (body: AsyncIterable<Uint8Array>) =>
    world.send('POST', PATH, owner, ReadableStream.from(body), { headers: TYPE });
  const places = Array.from({ length: 10 }, () => Math.floor(Math.random() * bytes.length));
  for (const place of [...places, 0, 200, bytes.length - 150, bytes.length - 3]) {
    const { status, body } = await send(cutAt(bytes, place));
    expect([status, body.code], `cut at ${place}`).toEqual([400, 'validation']);
    await expectNothing(world);
  }
  expect((await send(inPieces(bytes))).status).toBe(201);
  expect(await world.rows(COUNTS)).toEqual([{ d: 1, f: 1, k: 0 }]);
}, 60_000);

async function* cutAt(bytes: Uint8Array, place: number) {
  yield* inPieces(bytes.subarray(0, place));
  throw new TypeError('the connection was lost');
}

test('a body that stalls, drips or does not end is given up', async () => {
  const limits = { bytes_max: 1000, idle_ms: 30, whole_ms: 100 };
  const code = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
    try {
      for await (const _ of steadily(ReadableStream.from(body), limits));
    } catch (error) {
      return (error as AppError).code;
    }
    return 'none';
  };
  async function* every(pause_ms: number, size: number) {
    for (;;) {
      await setTimeout(pause_ms);
      yield new Uint8Array(size);
    }
  }
  expect(await code(every(1000, 1))).toBe('request_timeout');
  expect(await code(every(10, 1))).toBe('request_timeout');
  expect(await code(every(1, 300))).toBe('too_large');
});

/** The database does what it is asked to and the answer is lost, or does not. */
const losing = ({ db }: World['ports'], when: 'before' | 'after'): World['ports']['db'] => {
  let trips = 0;
  const batch: typeof db.batch = async (statements) => {
    trips += 1;
    if (trips === 1) return await db.batch(statements);
    if (when === 'after') await db.batch(statements);
    throw new AppError('database_unavailable', 'The database cannot be reached.');
  };
  return new Proxy(db, { get: (target, name) => (name === 'batch' ? batch : Reflect.get(target, name)) });
};

test('if the answer to the commit is lost the file stays, for a row may name it', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const send = (by: Person, ports: Partial<World['ports']> = {}) =>
    world.send('POST', PATH, by, formOf({ document_type: 'manual', residence_id }, paper(9000)), {
      headers: { 'idempotency-key': 'k' },
      ports,
    });
  expect((await send(owner, { db: losing(world.ports, 'after') })).status).toBe(503);
  const [key] = await keysIn(world);
  const again = await send(owner);
  expect([again.status, again.headers.get('idempotency-replayed'), again.body.storage_path]).toEqual([
    201,
    'true',
    key,
  ]);
  expect(await keysIn(world)).toEqual([key]);
});

test('storage that is away is an answer of its own', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const answer = await world.send('POST', PATH, owner, formOf({ document_type: 'manual', residence_id }, paper(9000)));
  expect([answer.status, answer.body.code]).toEqual([502, 'storage_unavailable']);
  expect(await world.rows(COUNTS)).toEqual(NOTHING);
});
