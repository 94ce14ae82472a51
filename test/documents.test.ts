import { describe, expect } from 'vitest';
import { Document } from '../domain/document.ts';
import { type Person, test, type World } from './home.ts';
import { upload } from './uploads/storage.ts';

const PAPER = { title: 'Dishwasher', document_type: 'warranty' };

const keep = async (world: World, by: Person, residence_id: number, more: object = {}) =>
  (await world.send('POST', '/api/documents/', by, { residence_id, ...PAPER, ...more })).body;

const titles = async (world: World, by: Person, query: string) => {
  const { status, body } = await world.send('GET', `/api/documents/${query}`, by);
  expect(status, query).toBe(200);
  return body.results.map(({ title }: { title: string }) => title);
};

/** A file past the API, as one that was claimed. */
const attach = async (world: World, document_id: number, filename = 'manual.pdf'): Promise<number> => {
  const [file] = await world.rows(
    `insert into task_documentimage (document_id, residence_id, object_key, version_id, filename, content_type, size)
     select id, residence_id, 'document/' || gen_random_uuid(), 'v1', $2, 'application/pdf', 9 from task_document where id = $1
     returning id::int`,
    [document_id, filename],
  );
  return file.id;
};

test('keep, read, change, replace, turn and delete a document', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const contractor = { residence_id, name: 'Ada Pipes' };
  const { id: contractor_id } = (await world.send('POST', '/api/contractors/', owner, contractor)).body;
  const made = await world.send('POST', '/api/documents/', member, {
    residence_id,
    ...PAPER,
    title: ' Dishwasher ',
    category: 'appliance',
    tags: ['kitchen', 'white'],
    task_id,
    contractor_id,
    item_name: 'Miele G 7000',
    provider: 'Miele',
    purchase_date: '2026-03-01',
    starts_on: '2026-03-01',
    ends_on: '2026-03-10',
  });
  expect(made.status).toBe(201);
  expect(Document.strict().parse(made.body)).toMatchObject({
    title: 'Dishwasher',
    residence_id,
    task_id,
    contractor_id,
    tags: ['kitchen', 'white'],
    is_active: true,
    ends_on: '2026-03-10',
    days_until_expiry: 3,
    serial_number: null,
    files: [],
  });
  const path = `/api/documents/${made.body.id}/`;
  const read = await world.send('GET', path, viewer);
  expect([read.body, read.headers.get('etag')]).toEqual([made.body, made.headers.get('etag')]);
  // In Auckland it is Sunday already.
  const there = await world.send('GET', path, viewer, undefined, { headers: { 'x-timezone': 'Pacific/Auckland' } });
  expect(there.body.days_until_expiry).toBe(2);

  const patched = await world.send('PATCH', path, owner, { notes: 'In the drawer', residence_id });
  expect(patched.body).toMatchObject({ notes: 'In the drawer', provider: 'Miele', tags: ['kitchen', 'white'] });
  const put = await world.send('PUT', path, owner, { title: 'Oven', document_type: 'manual' });
  expect(put.body).toMatchObject({ title: 'Oven', notes: null, ends_on: null, days_until_expiry: null, tags: [] });
  expect((await world.send('POST', `${path}deactivate/`, member)).body.is_active).toBe(false);
  expect((await world.send('POST', `${path}activate/`, member)).body.is_active).toBe(true);
  const late = { headers: { 'if-match': made.headers.get('etag') ?? '' } };
  expect((await world.send('PATCH', path, owner, { title: 'Late' }, late)).status).toBe(412);
  expect((await world.send('DELETE', path, member)).status).toBe(204);
  expect((await world.send('GET', path, owner)).status).toBe(404);

  const did = ['created', 'updated', 'updated', 'updated', 'updated', 'deleted'];
  const trace = await world.rows(`select action from audit_log where target_type = 'document' order by id`);
  expect(trace.map(({ action }) => action)).toEqual(did);
  const facts = await world.rows(`select event from outbox where event->>'document_id' is not null order by id`);
  expect(facts.map(({ event }) => event)).toEqual(
    did.map((word) => ({ type: `document.${word}`, residence_id, document_id: made.body.id })),
  );
});

test('what does not fit is refused by its field, and nothing is written', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id, elsewhere } = await world.home();
  const foreign = await world.task(stranger, elsewhere);
  const personal = (await world.send('POST', '/api/contractors/', owner, { name: 'Personal' })).body;
  const { id } = await keep(world, owner, residence_id, { starts_on: '2026-03-01', ends_on: '2026-03-10' });
  const before = await world.rows('select id, row_version from task_document');
  const path = `/api/documents/${id}/`;
  const wrong: [method: string, path: string, input: object, field: string][] = [
    ['POST', '/api/documents/', { residence_id, ...PAPER, title: ' ' }, 'title'],
    ['POST', '/api/documents/', { residence_id, ...PAPER, document_type: 'novel' }, 'document_type'],
    ['POST', '/api/documents/', { residence_id, ...PAPER, task_id: foreign.id }, 'task_id'],
    ['POST', '/api/documents/', { residence_id, ...PAPER, contractor_id: personal.id }, 'contractor_id'],
    ['POST', '/api/documents/', { residence_id, ...PAPER, upload_ids: [7] }, 'upload_ids'],
    ['POST', '/api/documents/', { residence_id, ...PAPER, starts_on: '2026-03-02', ends_on: '2026-03-01' }, 'ends_on'],
    ['PATCH', path, { ends_on: '2026-02-28' }, 'ends_on'],
    ['PATCH', path, { starts_on: '2026-03-11' }, 'ends_on'],
    ['PATCH', path, { residence_id: elsewhere }, 'residence_id'],
    ['PATCH', path, { contractor_id: 999_999 }, 'contractor_id'],
    ['PATCH', path, { upload_ids: [7] }, 'upload_ids'],
    ['PUT', path, { document_type: 'manual' }, 'title'],
  ];
  for (const [method, path, input, field] of wrong) {
    const { status, body } = await world.send(method, path, owner, input);
    expect([status, body.code, Object.keys(body.fields)], JSON.stringify(input)).toEqual([400, 'validation', [field]]);
  }
  const refused = async (by: Person) =>
    (await world.send('POST', '/api/documents/', by, { residence_id, ...PAPER })).status;
  expect([await refused(viewer), await refused(stranger)]).toEqual([403, 404]);
  expect(await world.rows('select id, row_version from task_document')).toEqual(before);
  expect((await world.send('PATCH', path, member, { ends_on: '2026-03-01' })).status).toBe(200);
});

test('a task and a contractor that are deleted leave the document', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { id } = await keep(world, owner, residence_id, { task_id });
  await world.send('DELETE', `/api/tasks/${task_id}/`, owner);
  expect((await world.send('GET', `/api/documents/${id}/`, owner)).body.task_id).toBeNull();
});

test('a tier has room for so many documents', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await world.rows('update subscription_subscriptionsettings set limitations_enabled = true, trial_days = 0');
  for (let n = 0; n < 3; n += 1) await keep(world, member, residence_id);
  const { status, body } = await world.send('POST', '/api/documents/', owner, { residence_id, ...PAPER });
  expect([status, body]).toMatchObject([403, { code: 'tier_limit_reached', kind: 'documents', limit: 3, usage: 3 }]);
});

test('uploads become files of a document that is kept or changed, once', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const promise = async (by: Person, filename: string) => {
    const paper = new TextEncoder().encode(`%PDF-1.7 ${filename}`);
    const more = { category: 'document', content_type: 'application/pdf', content_length: paper.length, filename };
    return (await upload(world, by, paper, more)).upload_id;
  };
  const [first, second, third] = [
    await promise(owner, 'b.pdf'),
    await promise(owner, 'a.pdf'),
    await promise(owner, 'c.pdf'),
  ];
  const input = { residence_id, ...PAPER, upload_ids: [second, first] };
  const key = { headers: { 'idempotency-key': 'k' } };
  const trips = world.trips.length;
  const made = await world.send('POST', '/api/documents/', owner, input, key);
  expect(world.trips.length - trips).toBe(2);
  expect(made.status, made.text).toBe(201);
  const names = (body: unknown) => Document.parse(body).files.map(({ filename }) => filename);
  expect(names(made.body)).toEqual(['a.pdf', 'b.pdf']);
  expect(Document.parse(made.body).files[0]).toMatchObject({ content_type: 'application/pdf', text_status: 'pending' });
  const again = await world.send('POST', '/api/documents/', owner, input, key);
  expect([again.status, again.text]).toEqual([201, made.text]);

  const path = `/api/documents/${made.body.id}/`;
  for (const [by, upload_ids] of [
    [owner, [first]],
    [member, [third]],
    [owner, [third, 999_999]],
  ] as const) {
    const { status, body } = await world.send('PATCH', path, by, { upload_ids });
    expect([status, Object.keys(body.fields)]).toEqual([400, ['upload_ids']]);
  }
  const patched = await world.send('PATCH', path, owner, { upload_ids: [third] });
  expect([names(patched.body), patched.headers.get('etag')]).toEqual([
    ['a.pdf', 'b.pdf', 'c.pdf'],
    expect.stringMatching(/^"2\./),
  ]);
  const put = { title: 'Oven', document_type: 'manual', upload_ids: [await promise(owner, 'd.pdf')] };
  expect(names((await world.send('PUT', path, owner, put)).body)).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf']);
  const queued = await world.rows(`select event ->> 'kind' as kind from outbox where event ->> 'type' = 'file.added'`);
  expect(queued).toEqual(Array(4).fill({ kind: 'document' }));
});

test('one file is taken away, and its object with it', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const { id } = await keep(world, owner, residence_id);
  const [first, second] = [await attach(world, id), await attach(world, id, 'photo.png')];
  const other = await keep(world, owner, residence_id);
  const { body } = await world.send('GET', `/api/documents/${id}/`, viewer);
  expect(
    Document.strict()
      .parse(body)
      .files.map(({ id, filename, url }) => [id, filename, url]),
  ).toEqual([
    [first, 'manual.pdf', `/api/media/document-file/${first}/`],
    [second, 'photo.png', `/api/media/document-file/${second}/`],
  ]);
  expect((await world.send('DELETE', `/api/documents/${other.id}/files/${first}/`, owner)).status).toBe(404);
  expect((await world.send('DELETE', `/api/documents/${id}/files/${first}/`, viewer)).status).toBe(403);
  expect((await world.send('DELETE', `/api/documents/${id}/files/${first}/`, member)).status).toBe(204);
  const after = await world.send('GET', `/api/documents/${id}/`, owner);
  expect(after.body.files.map((file: { id: number }) => file.id)).toEqual([second]);
  expect(after.headers.get('etag')).toMatch(/^"2\./);
  const gone = await world.rows(
    `select event->>'version_id' as version from outbox where event->>'type' = 'file.discarded'`,
  );
  expect(gone).toEqual([{ version: 'v1' }]);
});

describe('lists', () => {
  test('are filtered, searched and paged', async ({ world }) => {
    const { owner, viewer, stranger, residence_id } = await world.home();
    const cabin = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body.id;
    await keep(world, owner, residence_id, { title: 'A', ends_on: '2026-03-07', category: 'Appliance' });
    await keep(world, owner, residence_id, { title: 'B', ends_on: '2026-04-06', provider: '100% Bosch' });
    await keep(world, owner, residence_id, { title: 'C', ends_on: '2026-03-06', tags: ['blue'] });
    await keep(world, owner, residence_id, { title: 'D' });
    const e = await keep(world, owner, residence_id, { title: 'E', document_type: 'manual', ends_on: '2026-03-20' });
    await keep(world, owner, cabin, { title: 'F', ends_on: '2026-03-08' });
    const off = await keep(world, owner, residence_id, { title: 'G', ends_on: '2026-03-09' });
    await world.send('POST', `/api/documents/${off.id}/deactivate/`, owner);
    await attach(world, e.id, 'Bedienung.pdf');

    const lists: [query: string, titles: string[]][] = [
      ['', ['G', 'F', 'E', 'D', 'C', 'B', 'A']],
      [`?residence_id=${cabin}`, ['F']],
      ['?type=manual', ['E']],
      ['?category=appliance', ['A']],
      ['?search=bosch', ['B']],
      ['?search=100%25', ['B']],
      ['?search=BLUE', ['C']],
      ['?search=bedienung', ['E']],
      ['?expiring_within_days=0', ['A']],
      ['?expiring_within_days=29', ['A', 'F', 'E']],
      ['?expiring_within_days=30', ['A', 'F', 'E', 'B']],
      ['?expiring_within_days=30&type=warranty', ['A', 'F', 'B']],
      ['warranties/', ['A', 'F', 'B', 'D']],
      [`warranties/?residence_id=${residence_id}`, ['A', 'B', 'D']],
    ];
    for (const [query, expected] of lists) {
      expect(await titles(world, owner, query), query).toEqual(expected);
      const paged: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const and = query.includes('?') ? '&' : '?';
        const from = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await world.send('GET', `/api/documents/${query}${and}limit=2${from}`, owner);
        paged.push(...body.results.map(({ title }: { title: string }) => title));
        cursor = body.next_cursor;
      }
      expect(paged, query).toEqual(expected);
    }
    expect(await titles(world, viewer, '')).not.toContain('F');
    expect(await titles(world, stranger, '')).toEqual([]);
    for (const query of [`?residence_id=${residence_id}`, `warranties/?residence_id=${residence_id}`]) {
      expect((await world.send('GET', `/api/documents/${query}`, stranger)).status).toBe(404);
    }
    for (const query of ['?type=novel', '?expiring_within_days=-1', '?cursor=x']) {
      expect((await world.send('GET', `/api/documents/${query}`, owner)).status).toBe(400);
    }
    const before = await world.send('GET', '/api/documents/', viewer);
    const known = { headers: { 'if-none-match': before.headers.get('etag') ?? '' } };
    expect((await world.send('GET', '/api/documents/', viewer, undefined, known)).status).toBe(304);
  });
});
