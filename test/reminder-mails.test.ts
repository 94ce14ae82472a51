import { expect } from 'vitest';
import { MailError } from '../domain/mail.ts';
import { consumed, later, statesOf } from './consumer.ts';
import { type Person, TODAY, test, type World } from './home.ts';
import { prefer, quarterAt, SILENT } from './quarter-hours.ts';

const NOON = '2026-03-07T12:00:00.000Z';
const BY_MAIL = { push: false, email: true, in_app: false };

/** The events of all claims that leave the house. */
const claimed = async (world: World): Promise<number[]> =>
  (await world.rows(`select id::int from outbox where event ->> 'type' = 'reminder.claimed' order by id`)).map(
    ({ id }) => id,
  );

async function due(world: World, preferences: object): Promise<{ owner: Person; task_id: number; ids: number[] }> {
  const { owner, member, viewer, residence_id } = await world.home();
  await Promise.all([prefer(world, member, SILENT), prefer(world, viewer, SILENT)]);
  await prefer(world, owner, { ...SILENT, ...preferences });
  const { id } = await world.task(owner, residence_id, { due_date: TODAY, title: 'Clean the gutters' });
  await quarterAt(world, NOON);
  return { owner, task_id: id, ids: await claimed(world) };
}

test('a reminder is mailed once, with one click to end such mails', async ({ world }) => {
  const { owner, ids } = await due(world, { task_due_soon: BY_MAIL, task_due_soon_hour: 9 });
  expect(await consumed(world, ids)).toEqual(['ack']);
  await consumed(world, ids);
  expect(world.mails).toHaveLength(1);
  const [mail] = world.mails;
  expect(mail).toMatchObject({ to: `${owner.username}@example.com`, message_key: `event-${ids[0]}` });
  expect(mail?.text).toContain('Clean the gutters');

  const link = new URL(mail?.list_unsubscribe ?? '');
  expect(mail?.html).toContain(link.href.replaceAll('&', '&amp;'));
  const ended = await world.send('POST', link.pathname + link.search, null, 'List-Unsubscribe=One-Click', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(ended.status).toBe(200);
  const { body } = await world.send('GET', '/api/notifications/preferences/', owner);
  expect(body.task_due_soon.email).toBe(false);
});

test('what was done meanwhile is not mailed', async ({ world }) => {
  const { owner, task_id, ids } = await due(world, { task_due_soon: BY_MAIL, task_due_soon_hour: 9 });
  await world.send('POST', `/api/tasks/${task_id}/quick-complete/`, owner);
  expect(await consumed(world, ids)).toEqual(['ack']);
  expect(world.mails).toEqual([]);
});

test('the digest is mailed with every home’s tasks', async ({ world }) => {
  const { ids } = await due(world, { daily_digest: BY_MAIL, daily_digest_hour: 9 });
  await consumed(world, ids);
  expect(world.mails.map(({ text }) => text)).toEqual([expect.stringMatching(/Maple House[\s\S]*Clean the gutters/)]);
});

test('what could not be mailed before the quiet hours waits until they end', async ({ world }) => {
  const quiet = { quiet_start: '22:00', quiet_end: '06:30', timezone: 'Etc/UTC' };
  const { ids } = await due(world, { task_due_soon: BY_MAIL, task_due_soon_hour: 9, ...quiet });
  const { mail } = world.ports;
  const away = new MailError('temporary', 'away');
  world.ports.mail = () => Promise.reject(away);
  const at = async (time: string) => {
    world.ports.now = () => `2026-03-07T${time}:00.000Z`;
    await later(world);
    await consumed(world, ids);
    const [state] = await statesOf(world, ids);
    const [row] = await world.rows(
      'select extract(epoch from run_at - now())::int as s from outbox where id = $1',
      ids,
    );
    return { ...state, pause_s: row.s };
  };
  expect(await at('21:58')).toMatchObject({ state: 'later', error: String(away) });
  world.ports.mail = mail;
  const held = await at('22:30');
  expect(held).toMatchObject({ state: 'later', error: expect.stringContaining('until 2026-03-08T06:30'), attempts: 2 });
  expect(held.pause_s).toBeGreaterThan(8 * 3600 - 60);
  expect(held.pause_s).toBeLessThanOrEqual(8 * 3600);
  expect(world.mails).toEqual([]);
  expect(await at('21:59')).toMatchObject({ state: 'done', is_uncertain: false });
  expect(world.mails).toHaveLength(1);
});
