import { expect } from 'vitest';
import { Upload } from '../../domain/upload.ts';
import { type Person, test, type World } from '../home.ts';
import { md5, sha256 } from '../s3/local.ts';
import { picture, putTo, storageOf, upload } from './storage.ts';

const PRESIGN = '/api/uploads/presign/';
const PHOTO = { category: 'completion', content_type: 'image/png', content_length: 2000 };
const TRACES = `select (select count(*) from pending_uploads) u, (select count(*) from outbox) o,
  (select count(*) from task_taskcompletion) c, (select count(*) from task_taskcompletionimage) i`;

test('a promise is a signed URL for this file and no other', async ({ world }) => {
  await storageOf(world);
  const { owner } = await world.home();
  const bytes = picture();
  const input = { ...PHOTO, md5: Buffer.from(md5(bytes), 'hex').toString('base64'), sha256: sha256(bytes) };
  const now = new Date().toISOString();
  const real = { ports: { now: () => now } };
  const answer = await world.send('POST', PRESIGN, owner, { ...input, filename: '../me and "you".PNG' }, real);
  expect(answer.status).toBe(201);
  const promised = Upload.strict().parse(answer.body);
  expect(promised.headers).toEqual({
    'content-type': 'image/png',
    'content-length': '2000',
    'content-md5': input.md5,
    'x-amz-meta-sha256': input.sha256,
  });
  expect(Date.parse(promised.expires_at) - Date.parse(now)).toBe(300_000);
  expect(Date.parse(promised.claim_until) - Date.parse(now)).toBeGreaterThan(86_390_000);
  expect([answer.headers.get('cache-control'), answer.headers.get('ratelimit')]).toEqual([
    'no-store',
    expect.stringMatching(/^"presign";r=49;t=\d+$/),
  ]);
  await expect(putTo(promised, picture())).rejects.toThrow('BadDigest');
  await putTo(promised, bytes);
  const [row] = await world.rows('select * from pending_uploads');
  expect(row).toMatchObject({ user_id: `${owner.user_id}`, category: 'completion', filename: 'me and _you_.PNG' });
  expect(row.object_key).toMatch(/^completion\/[0-9a-f-]{36}$/);
  expect(await world.rows(`select event from outbox where event ->> 'type' like 'upload%'`)).toEqual([
    { event: { type: 'upload.promised', user_id: owner.user_id } },
  ]);
  expect(JSON.stringify(world.logged)).not.toContain('X-Amz-Signature');
});

test('what may not be stored is refused by field', async ({ world }) => {
  const { owner } = await world.home();
  const refused = async (input: object) => {
    const { status, body } = await world.send('POST', PRESIGN, owner, { ...PHOTO, ...input });
    return [status, body.code, ...Object.keys(body.fields ?? {})];
  };
  const wrong: [string, object][] = [
    ['content_length', { content_length: 10 * 1024 ** 2 + 1 }],
    ['content_length', { content_length: 0 }],
    ['content_type', { content_type: 'text/html' }],
    ['content_type', { content_type: 'image/svg+xml' }],
    ['content_type', { content_type: 'application/pdf' }],
    ['category', { category: 'audit' }],
    ['sha256', { sha256: 'X' }],
    ['md5', { md5: 'X' }],
    ['filename', { filename: 'photo.html' }],
    ['filename', { filename: 'photo.pdf' }],
  ];
  for (const [field, input] of wrong) {
    expect(await refused(input), JSON.stringify(input)).toEqual([400, 'validation', field]);
  }
  expect(await world.rows('select id from pending_uploads')).toEqual([]);
  const paper = { category: 'document', content_type: 'application/pdf', filename: 'Garantie für Ofen.pdf' };
  expect((await world.send('POST', PRESIGN, owner, { ...PHOTO, ...paper })).status).toBe(201);
});

test('sent again with its key, a promise is the same and its URL is fresh', async ({ world }) => {
  await storageOf(world);
  const { owner } = await world.home();
  const bytes = picture();
  const at = async (after_s: number) => {
    const now = new Date(Date.now() + after_s * 1000).toISOString();
    const more = { headers: { 'idempotency-key': 'k' }, ports: { now: () => now } };
    const { status, headers, body } = await world.send('POST', PRESIGN, owner, PHOTO, more);
    return { now, status, replayed: headers.get('idempotency-replayed'), ...body };
  };
  const [first, second, late] = [await at(0), await at(3600), await at(2 * 86_400)];
  expect([first.replayed, second.replayed, second.status]).toEqual([null, 'true', 201]);
  expect([second.upload_id, late.upload_id, second.claim_until]).toEqual([
    first.upload_id,
    first.upload_id,
    first.claim_until,
  ]);
  expect(Date.parse(second.expires_at) - Date.parse(second.now)).toBe(300_000);
  // There is nothing left to claim, and the answer says so.
  expect([late.expires_at, late.expires_at < late.now]).toEqual([first.claim_until, true]);
  await putTo(second, bytes);
  expect(await world.rows('select id::int from pending_uploads')).toEqual([{ id: first.upload_id }]);
});

test('twenty at once are ten, and fifty are an hour’s', async ({ world }) => {
  const { owner, member } = await world.home();
  const ask = (by: Person) => world.send('POST', PRESIGN, by, PHOTO);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(owner)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(10);
  expect(new Set(refused.map(({ body, headers }) => `${body.code} ${headers.get('retry-after')}`))).toEqual(
    new Set(['too_many_uploads 60']),
  );
  expect(await world.rows('select count(*)::int n from pending_uploads')).toEqual([{ n: 10 }]);
  expect((await ask(member)).status).toBe(201);

  await world.rows(`update pending_uploads set expires_at = now() where user_id = $1`, [owner.user_id]);
  await world.rows(`update rate_counter set count = 49 where subject = 'presign:' || $1`, [owner.user_id]);
  expect((await ask(owner)).headers.get('ratelimit')).toMatch(/^"presign";r=0;/);
  const late = await ask(owner);
  expect([late.status, late.body.code, Number(late.headers.get('retry-after')) <= 3600]).toEqual([
    429,
    'too_many_uploads',
    true,
  ]);
});

const complete = (world: World, by: Person, task_id: number, upload_ids: number[], more = {}) =>
  world.send('POST', '/api/task-completions/', by, { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids }, more);

test('a photo is claimed in the version that was looked at', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const bytes = picture();
  const promised = await upload(world, owner, bytes, { filename: 'Porch.png' });
  const more = { headers: { 'idempotency-key': 'done' } };
  const before = world.trips.length;
  const first = await complete(world, owner, task_id, [promised.upload_id], more);
  expect([first.status, world.trips.length - before]).toEqual([201, 2]);
  // The URL is still good. What comes by it now is nobody's.
  await putTo(promised, picture());
  const [row] = await world.rows('select * from task_taskcompletionimage');
  const told = { object_key: promised.object_key, filename: 'Porch.png', size: '2000', content_type: 'image/png' };
  expect(row).toMatchObject({ ...told, prepared_at: null, uploaded_by_id: `${owner.user_id}` });
  const named = await world.ports.files.get(row.object_key, { version: row.version_id });
  expect(sha256(new Uint8Array(await new Response(named?.body).arrayBuffer()))).toBe(sha256(bytes));
  expect(await world.rows(`select event, queue from outbox where event ->> 'type' like 'file%'`)).toEqual([
    { event: { type: 'file.added', kind: 'completion', file_id: Number(row.id) }, queue: 'long' },
  ]);
  const again = await complete(world, owner, task_id, [promised.upload_id], more);
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(first.headers.get('server-timing')).toMatch(/storage;dur=(?!0\.0)/);
});

test('what is not what was promised is refused whole', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { frequency_id: 5 });
  await storageOf(world);
  const html = new TextEncoder().encode('<!doctype html><script>alert(1)</script>');
  const zip = Uint8Array.from([0x50, 0x4b, 3, 4, ...picture(100)]);
  const huge = picture();
  new DataView(huge.buffer).setUint32(16, 40_000);
  const of = async (bytes: Uint8Array<ArrayBuffer>, more = {}) => (await upload(world, owner, bytes, more)).upload_id;

  const good = await of(picture());
  const page = await of(html, { content_type: 'image/jpeg', filename: 'photo.jpg' });
  const archive = await of(zip);
  const bomb = await of(huge);
  const paper = await of(new TextEncoder().encode('%PDF-1.7\n'), { content_type: 'image/webp' });
  const short = await of(picture());
  await world.rows('update pending_uploads set content_length = 1999 where id = $1', [short]);
  const other = await of(picture());
  await world.rows(`update pending_uploads set content_type = 'image/jpeg' where id = $1`, [other]);
  const late = await of(picture());
  await world.rows('update pending_uploads set expires_at = now() where id = $1', [late]);
  const absent = (await world.send('POST', PRESIGN, owner, PHOTO)).body.upload_id;
  const foreign = (await upload(world, member, picture())).upload_id;
  const foreign_absent = (await world.send('POST', PRESIGN, member, PHOTO)).body.upload_id;
  const renamed = await upload(world, owner, picture());
  await world.ports.files.put(renamed.object_key, picture(), { content_type: 'text/html' });
  const document = await of(picture(), { category: 'document' });

  const before = await world.rows(TRACES);
  const cases: [number, number, string][] = [
    [page, 422, 'file_type_mismatch'],
    [archive, 422, 'file_type_mismatch'],
    [bomb, 422, 'image_too_large'],
    [paper, 422, 'file_type_mismatch'],
    [short, 422, 'file_size_mismatch'],
    [other, 422, 'file_type_mismatch'],
    [absent, 400, 'validation'],
    [late, 400, 'validation'],
    [renamed.upload_id, 422, 'file_type_mismatch'],
    [foreign, 400, 'validation'],
    [foreign_absent, 400, 'validation'],
    [document, 400, 'validation'],
    [999_999, 400, 'validation'],
  ];
  for (const [upload_id, status, code] of cases) {
    const answer = await complete(world, owner, task_id, [good, upload_id]);
    expect([answer.status, answer.body.code, Object.keys(answer.body.fields)], `${upload_id}`).toEqual([
      status,
      code,
      ['upload_ids'],
    ]);
  }
  // What is somebody else’s is as if it were not there.
  const [made_up, theirs] = await Promise.all(
    [999_999, foreign_absent].map((upload_id) => complete(world, owner, task_id, [upload_id])),
  );
  expect(theirs?.body.fields).toEqual(made_up?.body.fields);
  expect(await world.rows(TRACES)).toEqual(before);
  expect((await complete(world, owner, task_id, [good])).status).toBe(201);
});
