import { describe, expect } from 'vitest';
import { findReminders } from '../db/reminders.ts';
import { consumed } from './consumer.ts';
import { type Person, TODAY, test, type World } from './home.ts';
import { addPhone, prefer, quarterAt, quarters, SILENT, told } from './quarter-hours.ts';

const ALL = { push: true, email: true, in_app: true };
const NOON = `${TODAY}T12:00:00.000Z`;

const dayAfter = (days: number) => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10);
const noonAfter = (days: number) => `${dayAfter(days)}T12:00:00.000Z`;

const keep = async (world: World, by: Person, residence_id: number, more: object = {}) =>
  (await world.send('POST', '/api/documents/', by, { residence_id, title: 'Oven', document_type: 'warranty', ...more }))
    .body;

/** What was told of warranties, and when. */
const stages = async (world: World) => (await told(world, 'warranty')).map(({ stage, at }) => [stage, at]);

/** A home where the owner alone is told, and of warranties alone. */
async function alone(world: World, choice: object = {}) {
  const home = await world.home();
  await prefer(world, home.owner, {
    ...SILENT,
    warranty_expiring: { push: false, email: false, in_app: true },
    ...choice,
  });
  await Promise.all([prefer(world, home.member, SILENT), prefer(world, home.viewer, SILENT)]);
  return home;
}

test('a warranty is told of on its four days, at its reader’s hour, across a change of the clock', async ({
  world,
}) => {
  const { owner, residence_id } = await alone(world, { warranty_expiring_hour: 7, timezone: 'America/Chicago' });
  const { id } = await keep(world, owner, residence_id, { ends_on: dayAfter(30) });
  for (const day of [0, 1, 16, 17, 23, 30, 31, 36]) {
    await quarters(world, `${dayAfter(day)}T11:45:00.000Z`, `${dayAfter(day)}T13:15:00.000Z`);
  }
  // The clocks of Chicago change on the day after.
  expect(await stages(world)).toEqual([
    [30, `${dayAfter(0)}T13:00:00.000Z`],
    [14, `${dayAfter(16)}T12:00:00.000Z`],
    [7, `${dayAfter(23)}T12:00:00.000Z`],
    [0, `${dayAfter(30)}T12:00:00.000Z`],
  ]);
  const { body } = await world.send('GET', '/api/notifications/', owner);
  expect(body.results.map(({ title }: { title: string }) => title)).toEqual(
    ['today', 'in 7 days', 'in 14 days', 'in 30 days'].map((when) => `Warranty ends ${when}`),
  );
  expect(body.results[0]).toMatchObject({
    type: 'warranty_expiring',
    body: 'Oven · Maple House',
    data: { residence_id, document_id: id, ends_on: dayAfter(30) },
  });
});

test('owners and members are told, viewers and strangers are not', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await keep(world, owner, residence_id, { ends_on: TODAY });
  await quarterAt(world, NOON);
  const who = (await told(world, 'warranty')).map(({ user_id }) => user_id);
  expect(who).toEqual([owner.user_id, member.user_id].sort((a, b) => a - b));
});

test('nothing is told of what is out of use, no warranty, without an end, or of a paused or deleted home', async ({
  world,
}) => {
  const { owner, residence_id } = await alone(world);
  const off = await keep(world, owner, residence_id, { ends_on: TODAY });
  await world.send('POST', `/api/documents/${off.id}/deactivate/`, owner);
  await keep(world, owner, residence_id, { ends_on: TODAY, document_type: 'insurance' });
  await keep(world, owner, residence_id);
  for (const [method, path] of [
    ['POST', 'pause/'],
    ['DELETE', ''],
  ] as const) {
    const { id } = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body;
    await keep(world, owner, id, { ends_on: TODAY });
    await world.send(method, `/api/residences/${id}/${path}`, owner);
  }
  await quarterAt(world, NOON);
  expect(await stages(world)).toEqual([]);
  await world.send('POST', `/api/documents/${off.id}/activate/`, owner);
  await quarterAt(world, NOON);
  expect(await stages(world)).toEqual([[0, NOON]]);
});

test('after an outage the newest stage is told if its day is one of the last three', async ({ world }) => {
  const { owner, residence_id } = await alone(world);
  const ends = [-4, -3, 0, 3, 4, 6, 10, 11, 13, 27, 28, 30, 31];
  const made = new Map<number, number>();
  for (const days of ends) made.set((await keep(world, owner, residence_id, { ends_on: dayAfter(days) })).id, days);
  await quarterAt(world, NOON);
  await quarterAt(world, NOON);
  const claims = (await told(world, 'warranty')).map(({ subject_id, stage }) => [made.get(subject_id), stage]);
  expect(claims.sort(([a = 0], [b = 0]) => a - b)).toEqual([
    [-3, 0],
    [0, 0],
    [4, 7],
    [6, 7],
    [11, 14],
    [13, 14],
    [27, 30],
    [28, 30],
    [30, 30],
  ]);
  await quarterAt(world, noonAfter(1));
  const next = (await told(world, 'warranty')).slice(claims.length);
  expect(next.map(({ subject_id, stage }) => [made.get(subject_id), stage])).toEqual([[31, 30]]);
});

describe('what leaves the house', () => {
  async function waiting(world: World) {
    const home = await alone(world, { warranty_expiring: ALL });
    await addPhone(world, home.owner, 'phone');
    const paper = { ends_on: dayAfter(7), provider: 'Bosch' };
    const { id } = await keep(world, home.owner, home.residence_id, paper);
    await quarterAt(world, NOON);
    const events = await world.rows(
      `select id::int from outbox where event ->> 'type' in ('reminder.claimed', 'push.claimed') order by id`,
    );
    const ids: number[] = events.map(({ id }) => id);
    const left = async () => (await findReminders(world.ports.db, ids)).rows.length;
    return { ...home, id, ids, left };
  }

  test('is a mail with one click to end such mails, and a push that takes the place of the one before', async ({
    world,
  }) => {
    const { id, ids, residence_id } = await waiting(world);
    await consumed(world, ids);
    expect(world.mails).toHaveLength(1);
    expect(world.mails[0]).toMatchObject({ subject: 'Warranty ends in 7 days: Oven' });
    expect(world.mails[0]?.text).toContain('Bosch');
    expect(world.mails[0]?.list_unsubscribe).toContain('/api/unsubscribe');
    const addressed = await world.rows(`select id::int from outbox where event ->> 'type' = 'push.addressed'`);
    await consumed(
      world,
      addressed.map(({ id }) => id),
    );
    expect(world.pushes).toMatchObject([
      {
        title: 'Warranty ends in 7 days',
        body: 'Oven · Maple House',
        data: {
          type: 'warranty_expiring',
          document_id: `${id}`,
          residence_id: `${residence_id}`,
          ends_on: dayAfter(7),
        },
        collapse_key: `document-${id}`,
      },
    ]);
  });

  test('is looked at once more before it goes', async ({ world }) => {
    const { owner, id, residence_id, left } = await waiting(world);
    const path = `/api/documents/${id}/`;
    expect(await left()).toBe(2);
    const turns: [undo: () => Promise<unknown>, redo: () => Promise<unknown>][] = [
      [() => world.send('POST', `${path}deactivate/`, owner), () => world.send('POST', `${path}activate/`, owner)],
      [
        () => world.send('PATCH', path, owner, { ends_on: dayAfter(90) }),
        () => world.send('PATCH', path, owner, { ends_on: dayAfter(7) }),
      ],
      [
        () => world.send('PATCH', path, owner, { document_type: 'receipt' }),
        () => world.send('PATCH', path, owner, { document_type: 'warranty' }),
      ],
      [
        () => world.send('POST', `/api/residences/${residence_id}/pause/`, owner),
        () => world.send('POST', `/api/residences/${residence_id}/resume/`, owner),
      ],
      [() => prefer(world, owner, SILENT), () => prefer(world, owner, { ...SILENT, warranty_expiring: ALL })],
    ];
    for (const [undo, redo] of turns) {
      await undo();
      expect(await left(), `${undo}`).toBe(0);
      await redo();
      expect(await left(), `${redo}`).toBe(2);
    }
    await quarterAt(world, noonAfter(7));
    expect(await left()).toBe(0);
    await world.send('DELETE', path, owner);
    expect(await left()).toBe(0);
  });
});
