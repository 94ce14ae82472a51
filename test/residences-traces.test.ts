import { expect } from 'vitest';
import { test, type World } from './home.ts';

/** What an answered request left behind: its audit rows, what the home's last version says changed, and its events. */
async function tracesOf(world: World, residence_id: number, { headers }: { headers: Headers }) {
  const by_request = [headers.get('x-request-id')];
  const audit = await world.rows(
    `select action || ' ' || target_type did from audit_log where request_id = $1 order by did`,
    by_request,
  );
  const log = await world.rows(
    `select action || ' ' || type did from change_log join residence_version using (residence_id, version)
     where residence_id = $1 order by did`,
    [residence_id],
  );
  const events = await world.rows('select event from outbox where request_id = $1', by_request);
  return {
    audit: audit.map(({ did }) => did),
    log: log.map(({ did }) => did),
    events: events.map(({ event }) => event),
  };
}

test('every write leaves its audit rows, its place in the change log and one event', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  await world.task(owner, residence_id, { assigned_to_id: viewer.user_id });
  const path = `/api/residences/${residence_id}`;
  const left = async (did: ReturnType<World['send']>) => tracesOf(world, residence_id, await did);
  const event = (type: string, user_id?: number) => [{ type, residence_id, ...(user_id && { user_id }) }];

  const residence = ['updated residence'];
  expect(await left(world.send('PATCH', `${path}/`, owner, { city: 'Austin' }))).toEqual({
    audit: residence,
    log: residence,
    events: event('residence.updated'),
  });
  expect(await left(world.send('POST', `${path}/pause/`, member))).toEqual({
    audit: residence,
    log: residence,
    events: event('residence.paused'),
  });
  expect((await left(world.send('POST', `${path}/resume/`, member))).events).toEqual(event('residence.resumed'));

  expect(await left(world.send('POST', `${path}/share-code/`, owner))).toEqual({
    audit: ['created share_code'],
    log: ['created share_code'],
    events: event('residence.code_made'),
  });
  expect((await left(world.send('POST', `${path}/share-code/`, owner))).audit).toEqual([
    'created share_code',
    'deleted share_code',
  ]);
  expect(await left(world.send('DELETE', `${path}/share-code/`, owner))).toEqual({
    audit: ['deleted share_code'],
    log: ['deleted share_code'],
    events: event('residence.code_revoked'),
  });
  const sharing = await world.send('POST', `${path}/generate-share-package/`, owner);
  expect((await tracesOf(world, residence_id, sharing)).events).toEqual(event('residence.code_made'));
  expect(await left(world.send('POST', '/api/residences/join/', stranger, { code: sharing.body.code }))).toEqual({
    audit: ['created member', 'updated share_code'],
    log: ['created member', 'updated residence', 'updated share_code'],
    events: event('member.joined', stranger.user_id),
  });

  const role = { role: 'viewer' };
  expect(await left(world.send('PATCH', `${path}/users/${stranger.user_id}/`, owner, role))).toEqual({
    audit: ['updated member'],
    log: ['updated member', 'updated residence'],
    events: event('member.role_changed', stranger.user_id),
  });
  expect(await left(world.send('DELETE', `${path}/users/${viewer.user_id}/`, owner))).toEqual({
    audit: ['deleted member', 'updated task'],
    log: ['deleted member', 'updated residence', 'updated task'],
    events: event('member.removed', viewer.user_id),
  });
  expect(await left(world.send('POST', `${path}/leave/`, stranger))).toEqual({
    audit: ['deleted member'],
    log: ['deleted member', 'updated residence'],
    events: event('member.left', stranger.user_id),
  });
  expect(await left(world.send('POST', `${path}/transfer/`, owner, { user_id: member.user_id }))).toEqual({
    audit: ['updated member', 'updated member'],
    log: ['updated member', 'updated member', 'updated residence'],
    events: event('residence.transferred', member.user_id),
  });
  expect((await left(world.send('DELETE', `${path}/`, member))).events).toEqual(event('residence.deleted'));
  expect(await left(world.send('POST', `${path}/restore/`, member))).toEqual({
    audit: ['restored residence'],
    log: ['created residence'],
    events: event('residence.restored'),
  });
});
