import { expect } from 'vitest';
import { Changes } from '../domain/change.ts';
import { type Person, test, type World } from './home.ts';
import { follow } from './reader.ts';

const readAll = async (world: World, by: Person, since = '') =>
  (await world.send('GET', `/api/changes/?limit=200&since=${since}`, by)).body;

const told = ({ results }: { results: { type: string; action: string; id: number }[] }) =>
  results.map(({ type, action, id }) => `${type} ${id} ${action}`);

const PAPER = { title: 'Dishwasher', document_type: 'warranty' };

/** A file past the API. */
const attach = async (world: World, document_id: number): Promise<number> => {
  const [file] = await world.rows(
    `insert into task_documentimage (document_id, residence_id, object_key, content_type, size)
     select id, residence_id, gen_random_uuid()::text, 'application/pdf', 9 from task_document where id = $1 returning id::int`,
    [document_id],
  );
  return file.id;
};

test('without a cursor it starts with everything visible, as its own GET answers it', async ({ world }) => {
  const { owner, viewer, member, residence_id } = await world.home();
  const contractor = { residence_id, name: 'Ada Pipes', specialty_ids: [16] };
  const { id: contractor_id } = (await world.send('POST', '/api/contractors/', owner, contractor)).body;
  await world.send('POST', '/api/contractors/', viewer, { name: 'Personal' });
  const { id: task_id } = await world.task(owner, residence_id, { frequency_id: 5 });
  const done = { task_id, completed_at: '2026-03-07T10:00:00Z' };
  const { id: completion_id } = (await world.send('POST', '/api/task-completions/', member, done)).body.data;
  const { id: document_id } = (await world.send('POST', '/api/documents/', owner, { residence_id, ...PAPER })).body;
  await attach(world, document_id);

  const body = await readAll(world, viewer);
  Changes.strict().parse(body);
  expect(body.has_more).toBe(false);
  const people = [owner, member, viewer].map(({ user_id }) => user_id).sort((a, b) => a - b);
  expect(told(body)).toEqual([
    `residence ${residence_id} created`,
    ...people.map((id) => `member ${id} created`),
    `contractor ${contractor_id} created`,
    `task ${task_id} created`,
    `completion ${completion_id} created`,
    `document ${document_id} created`,
  ]);
  const paths: Record<string, string> = {
    residence: `/api/residences/${residence_id}/`,
    contractor: `/api/contractors/${contractor_id}/`,
    task: `/api/tasks/${task_id}/`,
    completion: `/api/task-completions/${completion_id}/`,
    document: `/api/documents/${document_id}/`,
  };
  for (const [type, path] of Object.entries(paths)) {
    const { data } = body.results.find((change: { type: string }) => change.type === type);
    expect(data, type).toEqual((await world.send('GET', path, viewer)).body);
  }
  const members = (await world.send('GET', `/api/residences/${residence_id}/users/`, viewer)).body.results;
  const given = body.results.filter(({ type }: { type: string }) => type === 'member');
  expect(given.map(({ data }: { data: unknown }) => data)).toEqual(expect.arrayContaining(members));
});

test('then it tells what changed, each once and in order, and nothing twice', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { next_cursor } = await readAll(world, member);
  const { id } = await world.task(owner, residence_id);
  await world.send('PATCH', `/api/tasks/${id}/`, owner, { title: 'Renamed' });
  const { id: lost } = await world.task(owner, residence_id);
  await world.send('DELETE', `/api/tasks/${lost}/`, owner);
  const body = await readAll(world, member, next_cursor);
  expect(told(body)).toEqual([
    `task ${id} created`,
    `task ${id} updated`,
    `task ${lost} created`,
    `task ${lost} deleted`,
  ]);
  expect(body.results.map(({ data }: { data: { title: string } | null }) => data?.title)).toEqual([
    'Renamed',
    'Renamed',
    undefined,
    undefined,
  ]);
  for (const [index, { cursor }] of body.results.entries()) {
    expect(told(await readAll(world, member, cursor))).toEqual(told(body).slice(index + 1));
  }
  expect(told(await readAll(world, member, body.next_cursor))).toEqual([]);
});

test('what becomes of a file is told as a change of its document or completion, once for each version', async ({
  world,
}) => {
  const { owner, member, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { frequency_id: 5 });
  const { next_cursor } = await readAll(world, member);
  const done = { task_id, completed_at: '2026-03-07T10:00:00Z' };
  const { id: completion_id } = (await world.send('POST', '/api/task-completions/', owner, done)).body.data;
  const { id } = (await world.send('POST', '/api/documents/', owner, { residence_id, ...PAPER })).body;
  const [first, second] = [await attach(world, id), await attach(world, id)];
  await world.rows(
    `insert into task_taskcompletionimage (completion_id, residence_id, object_key, content_type, size)
     values ($1, $2, 'photo', 'image/png', 9)`,
    [completion_id, residence_id],
  );
  await world.rows(`update task_documentimage set text_status = 'done'`);
  await world.rows(`update task_taskcompletionimage set sha256 = 'abc'`);
  await world.send('DELETE', `/api/documents/${id}/files/${first}/`, owner);
  const body = await readAll(world, member, next_cursor);
  expect(told(body)).toEqual([
    `task ${task_id} updated`,
    `completion ${completion_id} created`,
    `document ${id} created`,
    // The first file is gone, and what was told of it alone.
    `document ${id} updated`,
    `completion ${completion_id} updated`,
    `document ${id} updated`,
    `completion ${completion_id} updated`,
    `document ${id} updated`,
  ]);
  const { files } = body.results.at(-1).data;
  expect(files).toMatchObject([{ id: second, text_status: 'done' }]);
  const reader = follow(world, member);
  await reader.catchUp({ limit: 1 });
  const kept = [...reader.copy.values()].find(({ type }) => type === 'document');
  expect(kept?.data).toEqual((await world.send('GET', `/api/documents/${id}/`, member)).body);
  await world.send('DELETE', `/api/documents/${id}/`, owner);
  await reader.catchUp({ limit: 1 });
  expect(reader.seen.at(-1)).toMatchObject({ type: 'document', action: 'deleted', id, data: null });
});

test('an unchanged home is 304; what the feed leaves out moves the cursor all the same', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { next_cursor } = await readAll(world, owner);
  const path = `/api/changes/?since=${next_cursor}`;
  const first = await world.send('GET', path, owner);
  const known = { headers: { 'if-none-match': first.headers.get('etag') ?? '' } };
  expect((await world.send('GET', path, owner, undefined, known)).status).toBe(304);
  await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner, {});
  const moved = await world.send('GET', path, owner, undefined, known);
  expect([moved.status, moved.body.results]).toEqual([200, []]);
  expect(moved.body.next_cursor).not.toBe(next_cursor);
});

test('a home is delivered whole a page at a time, with what happens meanwhile', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const titles = Array.from({ length: 6 }, (_, n) => `Task ${n}`);
  const ids: number[] = [];
  for (const title of titles) ids.push((await world.task(owner, residence_id, { title })).id);
  const reader = follow(world, member);
  for (let n = 0; n < 6; n += 1) await reader.read({ limit: 1 });
  const [, second, third, fourth, fifth] = ids;
  const { id: late } = await world.task(owner, residence_id, { title: 'Late' });
  await world.send('PATCH', `/api/tasks/${second}/`, owner, { title: 'Known and renamed' });
  await world.send('PATCH', `/api/tasks/${fourth}/`, owner, { title: 'Ahead and renamed' });
  await world.send('DELETE', `/api/tasks/${third}/`, owner);
  await world.send('DELETE', `/api/tasks/${fifth}/`, owner);
  await reader.catchUp({ limit: 1 });
  const births = reader.seen.filter(({ type, action }) => type === 'task' && action === 'created').map(({ id }) => id);
  expect(births.toSorted((a, b) => a - b)).toEqual([...ids.filter((id) => ![third, fifth].includes(id)), late]);
  expect(new Set(births).size).toBe(births.length);
  const copied = [...reader.copy.values()].filter(({ type }) => type === 'task').map(({ data }) => data.title);
  expect(copied.toSorted()).toEqual(['Ahead and renamed', 'Known and renamed', 'Late', 'Task 0', 'Task 5']);
});

test('several homes follow each other, whatever the pages', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const homes = [residence_id];
  for (const name of ['Cabin', 'Barn'])
    homes.push((await world.send('POST', '/api/residences/', owner, { name })).body.id);
  for (const home of [...homes, ...homes]) await world.task(owner, home);
  const whole = told(await readAll(world, owner));
  for (const limit of [1, 2, 3, 5]) {
    const reader = follow(world, owner);
    await reader.catchUp({ limit });
    expect(reader.seen.map(({ type, action, id }) => `${type} ${id} ${action}`)).toEqual(whole);
    for (const home of homes.toReversed()) await world.task(owner, home, { title: `at ${limit}` });
    const before = reader.seen.length;
    await reader.catchUp({ limit });
    expect(reader.seen.slice(before).map(({ residence_id }) => residence_id)).toEqual(homes);
    whole.splice(0, whole.length, ...told(await readAll(world, owner)));
  }
});

test('who is removed midway is told once that the home is gone; who comes back gets it whole', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const own = (await world.send('POST', '/api/residences/', member, { name: 'Cabin' })).body.id;
  for (let n = 0; n < 4; n += 1) await world.task(owner, residence_id);
  const reader = follow(world, member);
  await reader.read({ limit: 6 });
  await world.send('DELETE', `/api/residences/${residence_id}/users/${member.user_id}/`, owner);
  await world.task(owner, residence_id, { title: 'Secret' });
  const before = reader.seen.length;
  await reader.catchUp({ limit: 2 });
  const [gone, ...rest] = reader.seen.slice(before);
  expect(gone).toMatchObject({ type: 'residence', action: 'deleted', id: residence_id, residence_id, data: null });
  expect(rest.map(({ residence_id }) => residence_id)).toEqual([own, own]);
  expect([...reader.copy.values()].every(({ residence_id }) => residence_id === own)).toBe(true);
  await reader.catchUp({ limit: 50 });
  expect(reader.seen).toHaveLength(before + 3);

  const { code } = (await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner, {})).body;
  await world.send('POST', '/api/residences/join/', member, { code });
  await reader.catchUp({ limit: 3 });
  expect([...reader.copy.values()].filter(({ type }) => type === 'task')).toHaveLength(5);
});

test('a deleted home is gone once, and whole again when it is restored', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await world.task(owner, residence_id);
  const [fast, slow] = [follow(world, member), follow(world, member)];
  for (const reader of [fast, slow]) await reader.catchUp({ limit: 50 });
  const whole = fast.copy.size;
  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  await fast.catchUp({ limit: 50 });
  expect(fast.copy.size).toBe(0);
  expect(fast.seen.at(-1)).toMatchObject({ type: 'residence', action: 'deleted' });
  await world.send('POST', `/api/residences/${residence_id}/restore/`, owner);
  await world.task(owner, residence_id, { title: 'After' });
  for (const reader of [fast, slow]) await reader.catchUp({ limit: 50 });
  expect(fast.copy.size).toBe(whole + 1);
  expect(new Set(slow.copy.keys())).toEqual(new Set(fast.copy.keys()));
});

test('a cursor shows nothing that its bearer may not see, and must be one', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  await world.task(owner, residence_id);
  const write = (cursor: object) => Buffer.from(JSON.stringify(cursor)).toString('base64url');
  const since = write({ [residence_id]: [1, 0], 999999: [0, 3, 0], [elsewhere]: [1, Number.MAX_SAFE_INTEGER] });
  const { results } = await readAll(world, stranger, since);
  expect(results.map(({ cursor: _, at: __, ...rest }: Record<string, unknown>) => rest)).toEqual(
    [residence_id, 999999].map((id) => ({ type: 'residence', action: 'deleted', id, residence_id: id, data: null })),
  );
  const misfits = [
    'nonsense',
    write([]),
    write({ x: [1, 0] }),
    write({ 1: [1] }),
    write({ 1: [1, 9, 9] }),
    write({ 1: [-1, 0] }),
    write({ 1: ['1', 0] }),
    write({ 1: [1e300, 0] }),
    'x'.repeat(12_001),
  ];
  for (const since of misfits) {
    const { status, body } = await world.send('GET', `/api/changes/?since=${since}`, owner);
    expect([status, Object.keys(body.fields)], since.slice(0, 40)).toEqual([400, ['since']]);
  }
});

test('a cursor ahead of its home, which a database that was set back leaves behind, delivers the home again', async ({
  world,
}) => {
  const { owner, residence_id } = await world.home();
  const whole = await readAll(world, owner);
  const since = Buffer.from(JSON.stringify({ [residence_id]: [99, 0] })).toString('base64url');
  const again = await readAll(world, owner, since);
  expect([told(again), again.next_cursor]).toEqual([told(whole), whole.next_cursor]);
});

test('somebody who deleted their account is no member to be told of', async ({ world }) => {
  const { owner, viewer } = await world.home();
  await world.rows('update auth_user set deleted_at = now() where id = $1', [viewer.user_id]);
  expect(told(await readAll(world, owner))).not.toContain(`member ${viewer.user_id} created`);
});
