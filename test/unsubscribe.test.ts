import { expect } from 'vitest';
import { type Switch, switchToken } from '../domain/unsubscribe.ts';
import { unsubscribeUrl } from '../usecases/notifications/unsubscribe.ts';
import { type Person, test, type World } from './home.ts';
import { prefer } from './quarter-hours.ts';
import { race } from './race.ts';

const PREFERENCES = '/api/notifications/preferences/';
const ON = { push: true, email: true, in_app: true };
const OFF = { push: true, email: false, in_app: true };

/** Where a mail of somebody says that it can be ended. */
async function pathFor(world: World, { user_id }: Person, more: Partial<Switch> = {}): Promise<string> {
  const url = await unsubscribeUrl(world.ports.settings, { user_id, type: 'task_overdue', channel: 'email', ...more });
  const { origin, pathname, search } = new URL(url);
  expect(origin).toBe('https://api.example.com');
  return `${pathname}${search}`;
}

const overdue = async (world: World, by: Person) => (await world.send('GET', PREFERENCES, by)).body.task_overdue;

const facts = async (world: World) =>
  (await world.rows(`select count(*)::int n from outbox where event ->> 'type' = 'preferences.updated'`))[0].n;

test('one click ends mails of one type, and leaves all else as it was', async ({ world }) => {
  const { owner, member } = await world.home();
  await prefer(world, owner, { task_overdue: ON, task_due_soon: ON, quiet_start: '22:00', quiet_end: '06:30' });
  await prefer(world, member, { task_overdue: ON });
  const before = (await world.send('GET', PREFERENCES, owner)).body;
  const path = await pathFor(world, owner);
  const answer = await world.send('GET', path, null);
  expect([answer.status, answer.body]).toEqual([200, { type: 'task_overdue', channel: 'email', is_on: false }]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect((await world.send('GET', PREFERENCES, owner)).body).toEqual({ ...before, task_overdue: OFF });
  expect(await overdue(world, member)).toEqual(ON);
  const audit = await world.rows(
    `select action, actor_id::int from audit_log where target_type = 'preferences' order by id desc limit 1`,
  );
  expect(audit).toEqual([{ action: 'updated', actor_id: owner.user_id }]);
});

test('clicked again it changes nothing; switched on again it can be clicked again', async ({ world }) => {
  const { owner } = await world.home();
  await prefer(world, owner, { task_overdue: ON });
  const path = await pathFor(world, owner);
  const first = await world.send('GET', path, null);
  const before = await facts(world);
  expect((await world.send('GET', path, null)).text).toBe(first.text);
  expect(await facts(world)).toBe(before);
  await prefer(world, owner, { task_overdue: ON });
  await world.send('GET', path, null);
  expect(await overdue(world, owner)).toEqual(OFF);
});

test('for whoever never chose it makes their choice the defaults but for this', async ({ world }) => {
  const { owner } = await world.home();
  const before = (await world.send('GET', PREFERENCES, owner)).body;
  await world.send('GET', await pathFor(world, owner, { type: 'daily_digest', channel: 'push' }), null);
  expect((await world.send('GET', PREFERENCES, owner)).body).toEqual({
    ...before,
    daily_digest: { push: false, email: false, in_app: true },
  });
});

test('a mail program does it by a form (RFC 8058), a browser is shown a page', async ({ world }) => {
  const { owner } = await world.home();
  await prefer(world, owner, { task_overdue: ON });
  const path = await pathFor(world, owner);
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const posted = await world.send('POST', path, null, 'List-Unsubscribe=One-Click', form);
  expect([posted.status, posted.body.is_on]).toEqual([200, false]);
  expect(await overdue(world, owner)).toEqual(OFF);

  const page = await world.send('GET', path, null, undefined, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(page.text).toContain('No mail about tasks that are overdue will come any more.');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('a link that was not signed, or not for this, leads nowhere', async ({ world }) => {
  const { owner, member } = await world.home();
  await prefer(world, owner, { task_overdue: ON });
  const { settings } = world.ports;
  const of: Switch = { user_id: owner.user_id, type: 'task_overdue', channel: 'email' };
  const token = await switchToken(of, settings.signing_keys[0]);
  const signature = token.split('.')[3];
  const misfits = [
    '',
    'x',
    token.slice(0, -1),
    `${token}0`,
    token.replace('task_overdue', 'task_due_soon'),
    token.replace('email', 'push'),
    token.replace('email', 'fax'),
    `${member.user_id}.task_overdue.email.${signature}`,
    `${token}.${signature}`,
    await switchToken(of, 'somebody else’s key'),
  ];
  for (const t of misfits) {
    const { status, body } = await world.send('GET', `/api/unsubscribe/?t=${encodeURIComponent(t)}`, null);
    expect([status, body.code], t).toEqual([404, 'not_found']);
  }
  expect((await world.send('GET', '/api/unsubscribe/', null)).status).toBe(400);
  expect(await overdue(world, owner)).toEqual(ON);

  const rotated = { ...settings, signing_keys: ['the next key', ...settings.signing_keys] as [string, ...string[]] };
  const path = `/api/unsubscribe/?t=${token}`;
  expect((await world.send('GET', path, null, undefined, { ports: { settings: rotated } })).status).toBe(200);
  await world.rows('update auth_user set deleted_at = now() where id = $1', [owner.user_id]);
  expect((await world.send('GET', path, null)).status).toBe(404);
});

test('it is not lost to a choice that is made at the same moment', async ({ world }) => {
  const { owner } = await world.home();
  await prefer(world, owner, { task_overdue: ON, task_due_soon: ON });
  const soon = await pathFor(world, owner, { type: 'task_due_soon' });
  const answers = await race(world, [
    ['GET', await pathFor(world, owner), null],
    ['GET', soon, null],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const { task_overdue, task_due_soon } = (await world.send('GET', PREFERENCES, owner)).body;
  expect([task_overdue, task_due_soon]).toEqual([OFF, OFF]);
});
