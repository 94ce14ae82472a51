import { expect } from 'vitest';
import { type Person, test, type World } from './home.ts';
import { follow } from './reader.ts';

const WRITERS = 10;
/** Of each writer. CHANGES_WRITES=100 is the size that the contract was proved at. */
const WRITES = Number(process.env.CHANGES_WRITES ?? 30);
const TYPES = `'residence', 'member', 'contractor', 'task', 'completion', 'document'`;

type Household = { homes: number[]; tasks: number[]; contractors: number[]; documents: number[]; code: string };
type Answer = { status: number; text: string; body: { id: number; data: { id: number } } };

const NOTHING = 999_999;
const pick = (ids: number[], n: number): number => ids[(n * 7919) % Math.max(1, ids.length)] ?? NOTHING;

/** The n-th write of somebody: some of everything, on what there is by then. */
async function write(world: World, by: Person, house: Household, n: number): Promise<Answer> {
  const residence_id = pick(house.homes, n);
  const task = `/api/tasks/${pick(house.tasks, n)}/`;
  const contractor = `/api/contractors/${pick(house.contractors, n)}/`;
  const document = `/api/documents/${pick(house.documents, n)}/`;
  switch (n % 10) {
    case 0:
    case 1: {
      const made = await world.send('POST', '/api/tasks/', by, { residence_id, title: `T${n}`, frequency_id: 3 });
      if (made.status === 201) house.tasks.push(made.body.data.id);
      return made;
    }
    case 2:
      return await world.send('PATCH', task, by, { title: `${by.username} ${n}` });
    case 3: {
      const completed_at = new Date(Date.UTC(2026, 1, 1, 0, n)).toISOString();
      return await world.send('POST', '/api/task-completions/', by, { task_id: pick(house.tasks, n), completed_at });
    }
    case 4: {
      const made = await world.send('POST', '/api/contractors/', by, { residence_id, name: `C${n}` });
      if (made.status === 201) house.contractors.push(made.body.id);
      return made;
    }
    case 5:
      return await world.send('PATCH', contractor, by, { specialty_ids: [1 + (n % 18)] });
    case 6:
      return await world.send('DELETE', [task, contractor, document][n % 3] ?? task, by);
    case 7: {
      const input = { residence_id, title: `D${n}`, document_type: 'manual' };
      const made = await world.send('POST', '/api/documents/', by, input);
      if (made.status === 201) house.documents.push(made.body.id);
      return made;
    }
    case 8:
      return await world.send('PATCH', document, by, { notes: `${by.username} ${n}` });
    default:
      return await world.send('PATCH', `/api/residences/${residence_id}/`, by, { city: `City ${n}` });
  }
}

/** Leaves a home and comes back, again and again. */
async function comeAndGo(world: World, by: Person, { homes: [home], code }: Household, n: number): Promise<Answer> {
  if (n % 2 === 0) return await world.send('POST', `/api/residences/${home}/leave/`, by);
  return await join(world, by, code);
}

/** More often than codes may be tried. */
async function join(world: World, by: Person, code: string): Promise<Answer> {
  await world.rows('delete from rate_counter');
  return await world.send('POST', '/api/residences/join/', by, { code });
}

test(`${WRITERS} writers × ${WRITES} writes: readers who follow have each change once, and what the tables have`, async ({
  world,
}) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const cabin: number = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body.id;
  const { code } = (await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner, {})).body;
  const house: Household = { homes: [residence_id, cabin], tasks: [], contractors: [], documents: [], code };
  const writers = [owner, member];
  while (writers.length < WRITERS) writers.push(await world.person(`writer${writers.length}`));
  const comers = writers.slice(-2);
  for (const writer of writers.slice(2)) await join(world, writer, code);
  await world.rows(
    `insert into residence_residence_users (residence_id, user_id, role) select $1, unnest($2::bigint[]), 'member'`,
    [cabin, writers.slice(1, -2).map(({ user_id }) => user_id)],
  );

  const [early, late, comer] = [follow(world, owner), follow(world, viewer), follow(world, comers[0] ?? owner)];
  await early.catchUp({ limit: 200 });
  const start = await world.rows('select residence_id::int, version::int from residence_version order by 1');
  const whole = early.seen.length;

  const statuses = new Map<number, number>();
  let writing = writers.length;
  const work = writers.map(async (by, w) => {
    for (let n = 0; n < WRITES; n += 1) {
      const act = comers.includes(by) ? comeAndGo(world, by, house, n) : write(world, by, house, w + n * 3);
      const { status, text } = await act;
      expect([200, 201, 204, 403, 404, 409, 410], text).toContain(status);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    writing -= 1;
  });
  const reading = [early, comer].map(async (reader, r) => {
    for (let n = 0; writing > 0; n += 1) await reader.read({ limit: 1 + ((n * 5 + r) % 17), keep: 1 + (n % 11) });
  });
  const arriving = (async () => {
    while ((statuses.get(201) ?? 0) < WRITES) await follow(world, viewer).read({ limit: 3 });
    while (writing > 0) await late.read({ limit: 2 });
  })();
  await Promise.all([...work, ...reading, arriving]);
  for (const reader of [early, late, comer]) await reader.catchUp({ limit: 13 });

  // Each row of the log once, in its home's order, and not one missing.
  for (const { residence_id, version } of start.filter(({ residence_id }) => house.homes.includes(residence_id))) {
    const logged = await world.rows(
      `select type, action, entity_id::int as id from change_log
       where residence_id = $1 and version > $2 and type in (${TYPES}) order by change_log.version, n`,
      [residence_id, version],
    );
    const told = early.seen.slice(whole).filter((change) => change.residence_id === residence_id);
    expect(told.map(({ type, action, id }) => ({ type, action, id }))).toEqual(logged);
    expect(logged.length).toBeGreaterThan(WRITES);
  }
  const births = late.seen.filter(({ type, action }) => type !== 'member' && action === 'created');
  expect(new Set(births.map(({ type, id }) => `${type} ${id}`)).size).toBe(births.length);

  const keys = (reader: typeof early) => [...reader.copy.keys()].toSorted();
  const visible = async (homes: number[]) =>
    (
      await world.rows(
        `select key from (
           select id as home, id || ' residence ' || id as key from residence_residence
           union all select residence_id, residence_id || ' member ' || user_id from residence_residence_users
           union all select residence_id, residence_id || ' contractor ' || id from task_contractor
           union all select residence_id, residence_id || ' task ' || id from task_task
           union all select residence_id, residence_id || ' completion ' || id from task_taskcompletion
           union all select residence_id, residence_id || ' document ' || id from task_document
         ) k where home = any ($1)`,
        [homes],
      )
    )
      .map(({ key }) => key)
      .toSorted();
  expect(keys(early)).toEqual(await visible(house.homes));
  expect(keys(late)).toEqual(await visible([residence_id]));
  const isIn = (await world.send('GET', `/api/residences/${residence_id}/`, comers[0] ?? owner)).status === 200;
  expect(keys(comer)).toEqual(isIn ? await visible([residence_id]) : []);

  for (const [reader, by] of [
    [early, owner],
    [late, viewer],
  ] as const) {
    const paths: Record<string, string> = {
      task: 'tasks',
      contractor: 'contractors',
      completion: 'task-completions',
      document: 'documents',
    };
    for (const { type, id, data } of reader.copy.values()) {
      if (paths[type]) expect(data).toEqual((await world.send('GET', `/api/${paths[type]}/${id}/`, by)).body);
    }
  }
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(WRITERS * WRITES * 0.3);
}, 600_000);
