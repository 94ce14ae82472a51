import { expect } from 'vitest';
import { Completion } from '../domain/completion.ts';
import { type Person, test, type World } from './home.ts';
import { picture, storageOf } from './uploads/storage.ts';

/** Uploads that somebody made and that nothing has claimed, past the API; each has a size of its own. */
async function upload(world: World, by: Person, count: number, category = 'completion'): Promise<number[]> {
  await storageOf(world);
  const rows = await world.rows(
    `insert into pending_uploads (user_id, category, object_key, content_type, content_length, sha256, expires_at)
     select $1, $2, gen_random_uuid()::text, 'image/png', 1000 + n, null, now() + interval '1 day'
     from generate_series(1, $3) n returning id::int, object_key, content_length::int as size`,
    [by.user_id, category, count],
  );
  for (const { object_key, size } of rows) {
    await world.ports.files.put(object_key, picture(size), { content_type: 'image/png' });
  }
  return rows.map(({ id }) => id);
}

test('photos are claimed with the completion, in the order they were sent', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { frequency_id: 5 });
  const upload_ids = (await upload(world, owner, 3)).toReversed();
  const [kept] = await upload(world, owner, 1);
  const input = { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids };
  const { status, body } = await world.send('POST', '/api/task-completions/', owner, input);
  expect(status).toBe(201);
  const { images } = Completion.strict().parse(body.data);
  expect(images).toEqual(
    images.map(({ id }) => ({
      id,
      url: `/api/media/completion-image/${id}/`,
      thumbnail_url: null,
      caption: null,
      fault: null,
    })),
  );
  const rows = await world.rows(
    'select id::int, size::int from task_taskcompletionimage where completion_id = $1 and residence_id = $2 order by id',
    [body.data.id, residence_id],
  );
  expect(rows.map(({ size }) => size)).toEqual([1003, 1002, 1001]);
  expect(images.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  expect(await world.rows('select id::int from pending_uploads')).toEqual([{ id: kept }]);
  const read = await world.send('GET', `/api/task-completions/${body.data.id}/`, viewer);
  expect(read.body.images).toEqual(images);
  expect((await world.send('GET', `/api/tasks/${task_id}/completions/`, viewer)).body.results[0].images).toEqual(
    images,
  );
});

test('an upload that is not there to claim ends the completion whole', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { frequency_id: 5 });
  const [mine = 0] = await upload(world, owner, 1);
  const [of_member = 0] = await upload(world, member, 1);
  const [of_document = 0] = await upload(world, owner, 1, 'document');
  const many = await upload(world, owner, 11);
  const before = await world.rows('select (select count(*) from pending_uploads) u, (select count(*) from outbox) o');
  for (const upload_ids of [[mine, of_member], [mine, of_document], [mine, 999_999], [mine, mine], many, [0], ['x']]) {
    const input = { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids };
    const { status, body } = await world.send('POST', '/api/task-completions/', owner, input);
    expect([status, body.code, Object.keys(body.fields)[0]?.split('.')[0]], `${upload_ids}`).toEqual([
      400,
      'validation',
      'upload_ids',
    ]);
  }
  expect(await world.rows('select (select count(*) from pending_uploads) u, (select count(*) from outbox) o')).toEqual(
    before,
  );
  expect(await world.rows('select id from task_taskcompletion')).toEqual([]);
  expect((await world.send('GET', `/api/tasks/${task_id}/`, owner)).body).toMatchObject({
    next_due_date: '2026-03-07',
  });
});

test('two completions want the same photo: one has it', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const tasks = [await world.task(owner, residence_id), await world.task(owner, residence_id)];
  const upload_ids = await upload(world, owner, 1);
  const answers = await Promise.all(
    tasks.map(({ id: task_id }) =>
      world.send('POST', '/api/task-completions/', owner, {
        task_id,
        completed_at: '2026-03-07T08:00:00Z',
        upload_ids,
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
  expect(await world.rows('select count(*)::int n from task_taskcompletionimage')).toEqual([{ n: 1 }]);
});
