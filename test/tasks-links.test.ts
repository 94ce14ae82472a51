import { expect } from 'vitest';
import { test } from './home.ts';

/** What a task refers to: somebody who does it, a contractor, the template that it came from. */

test('a contractor is one of the home; with their end the task has none', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  const [own, foreign, personal] = await world.rows(
    `insert into task_contractor (residence_id, owner_id, name)
     values ($1, null, 'Bob'), ($2, null, 'Eve'), (null, $3, 'Joe') returning id::int`,
    [residence_id, elsewhere, owner.user_id],
  );
  const task = await world.task(owner, residence_id, { contractor_id: own.id });
  expect(task.contractor_id).toBe(own.id);
  const path = `/api/tasks/${task.id}/`;
  for (const { id: contractor_id } of [foreign, personal, { id: 999_999 }]) {
    const tries = [
      await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x', contractor_id }),
      await world.send('PATCH', path, owner, { contractor_id }),
      await world.send('PUT', path, owner, { title: 'x', contractor_id }),
      await world.send('POST', '/api/tasks/bulk/', owner, { residence_id, tasks: [{ title: 'x', contractor_id }] }),
    ];
    for (const { status, body } of tries) {
      expect([status, Object.keys(body.fields ?? {})]).toEqual([400, ['contractor_id']]);
    }
  }
  const theirs = await world.task(stranger, elsewhere);
  const taken = await world.send('PATCH', `/api/tasks/${theirs.id}/`, stranger, { contractor_id: own.id });
  expect(taken.status).toBe(400);
  expect((await world.send('PATCH', path, owner, { title: 'Other' })).body.data.contractor_id).toBe(own.id);
  expect((await world.send('PUT', path, owner, { title: 'Bare' })).body.data.contractor_id).toBeNull();
  expect((await world.send('PATCH', path, owner, { contractor_id: own.id })).body.data.contractor_id).toBe(own.id);
  await world.rows('delete from task_contractor where id = $1', [own.id]);
  expect((await world.send('GET', path, owner)).body.contractor_id).toBeNull();
});

test('a template is recorded when a task is made from it, and stays', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const [{ id: template_id }] = await world.rows('select id::int from task_tasktemplate order by id limit 1');
  const task = await world.task(owner, residence_id, { template_id });
  expect(task.template_id).toBe(template_id);
  const path = `/api/tasks/${task.id}/`;
  for (const [method, input] of [
    ['PATCH', { template_id: null }],
    ['PUT', { title: 'Bare' }],
  ] as const) {
    expect((await world.send(method, path, owner, input)).body.data.template_id).toBe(template_id);
  }
  const unknown = await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x', template_id: 999_999 });
  expect([unknown.status, Object.keys(unknown.body.fields)]).toEqual([400, ['template_id']]);
});

test('that somebody else is to do it is an event of its own', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id);
  const patch = (input: object) => world.send('PATCH', `/api/tasks/${id}/`, owner, input);
  const steps: [object, string][] = [
    [{ assigned_to_id: member.user_id, title: 'Other' }, 'task.assigned'],
    [{ assigned_to_id: member.user_id }, 'task.updated'],
    [{ title: 'Third' }, 'task.updated'],
    [{ assigned_to_id: viewer.user_id }, 'task.assigned'],
    [{ assigned_to_id: null }, 'task.updated'],
    [{ assigned_to_id: viewer.user_id }, 'task.assigned'],
  ];
  for (const [input] of steps) expect((await patch(input)).status).toBe(200);
  expect((await patch({ assigned_to_id: stranger.user_id })).body.fields).toHaveProperty('assigned_to_id');
  const events = await world.rows(
    `select event from outbox where event ->> 'type' ~ '^task.(assigned|updated)' order by id`,
  );
  const given = { assigned_by_id: owner.user_id };
  expect(events.map(({ event }) => event)).toEqual(
    steps.map(([input, type]) => ({
      type,
      residence_id,
      task_id: id,
      ...(type === 'task.assigned' && { ...input, title: undefined, ...given }),
    })),
  );
});
