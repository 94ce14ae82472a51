import { expect } from 'vitest';
import { later } from './consumer.ts';
import { type Person, test, type World } from './home.ts';
import { addPhone, prefer, SILENT } from './quarter-hours.ts';

const CHANNELS = ['in_app', 'email', 'push'] as const;
const EVERYTHING = Object.fromEntries(
  Object.keys(SILENT).map((type) => [type, { push: true, email: true, in_app: true }]),
);

/** Works off what waits, and what follows from it. */
async function workOff(world: World, type = '%'): Promise<void> {
  for (;;) {
    const due = await world.rows(
      `select id::int as event_id from outbox
       where done_at is null and dead_at is null and run_at <= now() and event ->> 'type' like $1 order by id`,
      [type],
    );
    if (due.length === 0) return;
    await world.deliver(due);
  }
}

/** Everything that people were told since this was last asked: by channel, to whom, and how it is headed. */
async function told(world: World): Promise<string[]> {
  const rows = await world.rows(
    'update notifications_notification set read_at = now() where read_at is null returning user_id::int, title, body',
  );
  const names = new Map(
    (await world.rows('select id::int, username from auth_user')).map(({ id, username }) => [id, username]),
  );
  return [
    ...rows.map(({ user_id, title, body }) => `in_app ${names.get(user_id)}: ${title}, ${body}`),
    ...world.mails.splice(0).map(({ to, subject }) => `email ${to.replace('@example.com', '')}: ${subject}`),
    ...world.pushes.splice(0).map(({ token, title, body }) => `push ${token}: ${title}, ${body}`),
  ].sort();
}

const phoneOf = (world: World, person: Person) => addPhone(world, person, person.username);
const complete = (world: World, by: Person, id: number) => world.send('POST', `/api/tasks/${id}/quick-complete/`, by);
const assign = (world: World, by: Person, id: number, to: Person | null) =>
  world.send('PATCH', `/api/tasks/${id}/`, by, { assigned_to_id: to?.user_id ?? null });

test('every notice goes to whom it concerns, on the channels that they chose', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  for (const person of [owner, member, viewer])
    await Promise.all([phoneOf(world, person), prefer(world, person, SILENT)]);
  const { code } = (await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner)).body;
  await workOff(world);
  await told(world);

  const joinAs = async (preferences: object): Promise<Person> => {
    const joiner = await world.person(`joiner_${crypto.randomUUID().slice(0, 8)}`);
    await phoneOf(world, joiner);
    await prefer(world, joiner, preferences);
    expect((await world.send('POST', '/api/residences/join/', joiner, { code })).status).toBe(200);
    return joiner;
  };
  const newTask = async () => {
    const { id } = await world.task(owner, residence_id, { title: 'Clean the gutters' });
    await workOff(world);
    await told(world);
    return id as number;
  };

  for (const channel of CHANNELS) {
    const only = (type: string) => ({
      ...SILENT,
      [type]: { push: false, email: false, in_app: false, [channel]: true },
    });
    const choose = (type: string) => prefer(world, member, only(type));
    const reader = `${channel} ${member.username}`;
    const by = owner.username;

    await choose('task_completed');
    expect((await complete(world, owner, await newTask())).status).toBe(200);
    await workOff(world);
    expect(await told(world)).toEqual([
      channel === 'email'
        ? `${reader}: ${by} completed “Clean the gutters”`
        : `${reader}: Task completed, Clean the gutters · Maple House`,
    ]);

    await choose('task_assigned');
    expect((await assign(world, owner, await newTask(), member)).status).toBe(200);
    await workOff(world);
    const assigned =
      channel === 'email'
        ? `${reader}: For you: Clean the gutters`
        : `${reader}: For you, Clean the gutters · Maple House`;
    expect(await told(world)).toEqual([assigned]);

    await world.task(owner, residence_id, { title: 'Clean the gutters', assigned_to_id: member.user_id });
    await workOff(world);
    const news = (await told(world)).filter((line) => !line.includes('New task'));
    expect(news).toEqual([assigned]);

    await choose('residence_shared');
    const { username } = await joinAs(SILENT);
    await workOff(world);
    expect(await told(world)).toEqual([
      channel === 'email'
        ? `${reader}: ${username} joined “Maple House”`
        : `${reader}: New member, ${username} · Maple House`,
    ]);

    await choose('daily_digest');
    const joiner = await joinAs(only('residence_shared'));
    await workOff(world);
    expect(await told(world)).toEqual([
      `${channel} ${joiner.username}: ${channel === 'email' ? 'You joined “Maple House”' : 'Welcome, You joined Maple House'}`,
    ]);
    await prefer(world, joiner, SILENT);
  }
});

test('nobody is told twice, of what they did themselves, or of what is not so any more', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  for (const person of [owner, member, viewer]) await phoneOf(world, person);
  await prefer(world, owner, EVERYTHING);
  await prefer(world, member, EVERYTHING);
  await prefer(world, viewer, SILENT);
  const { id } = await world.task(owner, residence_id, { title: 'Sweep', frequency_id: 3 });
  await workOff(world);
  await told(world);

  await complete(world, member, id);
  await workOff(world);
  expect((await told(world)).map((line) => line.split(':')[0])).toEqual(
    CHANNELS.map((channel) => `${channel} ${owner.username}`).sort(),
  );
  await world.rows(
    `update outbox set done_at = null, attempts = 0 where event ->> 'type' in ('task.completed', 'push.claimed')`,
  );
  await workOff(world);
  expect(await told(world)).toEqual([]);

  await assign(world, owner, id, owner);
  await workOff(world);
  expect(await told(world)).toEqual([]);

  await prefer(world, owner, SILENT);
  await prefer(world, viewer, EVERYTHING);
  await assign(world, owner, id, member);
  await assign(world, owner, id, viewer);
  await workOff(world);
  expect((await told(world)).map((line) => line.split(':')[0])).toEqual(
    [...CHANNELS].sort().map((channel) => `${channel} ${viewer.username}`),
  );
  await prefer(world, viewer, SILENT);

  await assign(world, owner, id, member);
  await workOff(world, 'task.%');
  await prefer(world, member, { ...EVERYTHING, task_assigned: { push: false, email: true, in_app: false } });
  await workOff(world);
  expect((await told(world)).map((line) => line.split(' ')[0])).toEqual(['email', 'in_app']);

  await complete(world, owner, id);
  await workOff(world, 'task.%');
  const [completion] = await world.rows('select max(id)::int as id from task_taskcompletion');
  await world.send('DELETE', `/api/task-completions/${completion.id}/`, owner);
  await workOff(world);
  expect(await told(world)).toEqual([expect.stringContaining('in_app')]);

  await complete(world, owner, id);
  await workOff(world, 'task.%');
  await world.send('POST', `/api/residences/${residence_id}/leave/`, member);
  await workOff(world);
  expect(await told(world)).toEqual([expect.stringContaining('in_app')]);
  await complete(world, owner, id);
  await workOff(world);
  expect(await told(world)).toEqual([]);

  await prefer(world, viewer, EVERYTHING);
  await world.rows('update auth_user set deleted_at = now() where id = $1', [viewer.user_id]);
  await complete(world, owner, id);
  await workOff(world);
  expect(await told(world)).toEqual([]);
});

test('in quiet hours a notice is in the app at once, and goes out when they end', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  await phoneOf(world, member);
  await prefer(world, viewer, SILENT);
  const night = { quiet_start: '08:30', quiet_end: '09:30', timezone: 'America/Chicago' };
  await prefer(world, member, { ...EVERYTHING, ...night });
  const { id } = await world.task(owner, residence_id);
  await workOff(world);
  await told(world);
  await complete(world, owner, id);
  await workOff(world);
  expect((await told(world)).map((line) => line.split(' ')[0])).toEqual(['in_app']);
  const held = await world.rows(
    `select round(extract(epoch from run_at - now()) / 60)::int as minutes from outbox where done_at is null and dead_at is null`,
  );
  expect(held).toEqual([{ minutes: 30 }, { minutes: 30 }]);
  world.ports.now = () => '2026-03-07T15:30:00.000Z';
  await later(world);
  await workOff(world);
  expect((await told(world)).map((line) => line.split(' ')[0])).toEqual(['email', 'push']);
});

test('of a batch of tasks each is told once', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  await phoneOf(world, member);
  await prefer(world, member, EVERYTHING);
  const tasks = Array.from({ length: 12 }, (_, n) => ({
    title: `Task ${n}`,
    ...(n < 3 && { assigned_to_id: member.user_id }),
  }));
  expect((await world.send('POST', '/api/tasks/bulk/', owner, { residence_id, tasks })).status).toBe(201);
  await workOff(world);
  const [text] = world.mails.map((mail) => mail.text);
  expect(text).toMatch(/gave you these tasks[\s\S]*Task 0[\s\S]*Task 2/);
  expect(await told(world)).toEqual(
    [
      `email ${member.username}: For you: 3 tasks`,
      `in_app ${member.username}: For you, 3 tasks · Maple House`,
      `in_app ${viewer.username}: New tasks, 12 new tasks · Maple House`,
      `push ${member.username}: For you, 3 tasks · Maple House`,
    ].sort(),
  );
});
