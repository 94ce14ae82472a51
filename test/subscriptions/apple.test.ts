import { expect } from 'vitest';
import { makeChain } from '../adapters/certificates.ts';
import { apply, kept, show, status, tell, test, traces, workOff } from './shop.ts';
import { inDays, iso, NOW_MS } from './store-fronts.ts';

test('a purchase that is shown makes its buyer pro, in one trip, with its traces', async ({ world, shop }) => {
  const ann = await world.person('ann');
  expect(await status(world, ann)).toMatchObject({ tier: 'free', platform: null, expires_at: null });
  const expiresDate = inDays(30);
  const signed_transaction = await shop.apple.transaction({ expiresDate });
  const shown = await show(world, 'apple', ann, { signed_transaction });
  expect([shown.status, shown.body]).toMatchObject([
    200,
    { tier: 'pro', is_free: false, platform: 'apple', expires_at: iso(expiresDate), auto_renew: null },
  ]);
  expect(shown.headers.get('server-timing')).toContain('trips;desc="1"');
  expect(await status(world, ann)).toEqual(shown.body);
  expect(await world.rows('select event from outbox')).toEqual([
    { event: { type: 'subscription.changed', user_id: ann.user_id } },
  ]);
  expect(await world.rows(`select actor_id::int, action from audit_log where target_type = 'subscription'`)).toEqual([
    { actor_id: ann.user_id, action: 'created' },
  ]);
});

test('the same purchase shown again changes nothing, and its key replays', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const input = { signed_transaction: await shop.apple.transaction() };
  const more = { headers: { 'idempotency-key': 'once' } };
  const first = await world.send('POST', '/api/subscription/purchase/apple/', ann, input, more);
  const again = await world.send('POST', '/api/subscription/purchase/apple/', ann, input, more);
  expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, first.text, 'true']);
  const before = await kept(world);
  expect((await show(world, 'apple', ann, input)).body).toEqual(first.body);
  expect(await kept(world)).toEqual(before);
});

test('a notification of a purchase that is nobody’s is kept until somebody shows it', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await apply(world, 'apple', await shop.apple.notification('SUBSCRIBED', { expiresDate: inDays(60) }));
  expect(await kept(world)).toMatchObject([{ user_id: null, status: 'active', auto_renew: true }]);
  expect(await status(world, ann)).toMatchObject({ tier: 'free' });
  // The phone's copy is older than what the store has told since.
  const signed_transaction = await shop.apple.transaction({ signedDate: NOW_MS - 60_000, expiresDate: inDays(1) });
  const { body } = await show(world, 'apple', ann, { signed_transaction });
  expect(body).toMatchObject({ tier: 'pro', auto_renew: true });
  expect(Date.parse(body.expires_at)).toBeGreaterThan(inDays(59));
});

test('one delivered three times is kept, rung for and applied once', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction() });
  await workOff(world);
  world.rung.length = 0;
  const told = await shop.apple.notification('DID_RENEW', { signedDate: NOW_MS, expiresDate: inDays(60) });
  const answers = await Promise.all([1, 2, 3].map(() => tell(world, 'apple', told)));
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([200, { received: true }]));
  const bells = world.rung.flat();
  expect(bells).toHaveLength(1);
  await world.deliver(bells.map((event_id) => ({ event_id })));
  const after = await traces(world);
  expect(after[0].told).toMatchObject([{ provider: 'apple', type: 'DID_RENEW', handled_at: expect.any(String) }]);
  expect((await tell(world, 'apple', told)).status).toBe(200);
  await world.deliver(bells.map((event_id) => ({ event_id })));
  expect(await traces(world)).toEqual(after);
  expect(Date.parse((await status(world, ann)).expires_at)).toBeGreaterThan(inDays(59));
});

test('what arrives out of order ends as if it had come in order', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction({ signedDate: NOW_MS - 9000 }) });
  const renewed = await shop.apple.notification('DID_RENEW', { signedDate: NOW_MS - 8000, expiresDate: inDays(60) });
  const refund = { signedDate: NOW_MS - 7000, expiresDate: inDays(60), revocationDate: NOW_MS - 7500 };
  await apply(world, 'apple', await shop.apple.notification('REFUND', refund));
  expect(await status(world, ann)).toMatchObject({ tier: 'free', platform: 'apple' });
  await apply(world, 'apple', renewed);
  expect(await kept(world)).toMatchObject([{ status: 'revoked' }]);
  expect(await status(world, ann)).toMatchObject({ tier: 'free' });
  // Nor does the copy on the phone, from before the refund, bring it back.
  const signed_transaction = await shop.apple.transaction({ signedDate: NOW_MS - 7500 });
  expect((await show(world, 'apple', ann, { signed_transaction })).body.tier).toBe('free');
});

test('a refund that is taken back gives it back', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction() });
  const revocationDate = NOW_MS - 5000;
  await apply(world, 'apple', await shop.apple.notification('REFUND', { signedDate: NOW_MS - 4000, revocationDate }));
  expect((await status(world, ann)).tier).toBe('free');
  await apply(world, 'apple', await shop.apple.notification('REFUND_REVERSED', { signedDate: NOW_MS - 3000 }));
  expect((await status(world, ann)).tier).toBe('pro');
});

test('a grace period lasts, whatever the phone knows of it', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction() });
  const over = { signedDate: NOW_MS - 4000, expiresDate: NOW_MS - 4500 };
  const renewal = { gracePeriodExpiresDate: inDays(3) };
  await apply(world, 'apple', await shop.apple.notification('DID_FAIL_TO_RENEW', over, { renewal }));
  expect(await status(world, ann)).toMatchObject({ tier: 'pro', expires_at: iso(renewal.gracePeriodExpiresDate) });
  const signed_transaction = await shop.apple.transaction({ ...over, signedDate: NOW_MS });
  expect((await show(world, 'apple', ann, { signed_transaction })).body.tier).toBe('pro');
  await apply(world, 'apple', await shop.apple.notification('EXPIRED', { ...over, signedDate: NOW_MS + 1 }));
  expect((await status(world, ann)).tier).toBe('free');
});

test('that it ends needs no job', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction() });
  await world.rows(`update subscription_usersubscription set expires_at = now() - interval '1 second'`);
  expect(await status(world, ann)).toMatchObject({ tier: 'free', platform: 'apple' });
});

test('the account that the buyer named has it from the first notification on', async ({ world, shop }) => {
  const [ann, bob] = [await world.person('ann'), await world.person('bob')];
  const { body: features } = await world.send('GET', '/api/subscription/features/', ann);
  const appAccountToken = features.account_refs.apple;
  expect(appAccountToken).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await apply(world, 'apple', await shop.apple.notification('SUBSCRIBED', { appAccountToken }));
  expect(await status(world, ann)).toMatchObject({ tier: 'pro', auto_renew: true });
  expect(await world.rows(`select event from outbox where event->>'type' = 'subscription.changed'`)).toEqual([
    { event: { type: 'subscription.changed', user_id: ann.user_id } },
  ]);
  const shown = { appAccountToken: appAccountToken.toUpperCase(), signedDate: NOW_MS };
  const signed_transaction = await shop.apple.transaction(shown);
  expect((await show(world, 'apple', bob, { signed_transaction })).body.code).toBe('purchase_taken');
  // What only the store tells is not forgotten.
  expect((await show(world, 'apple', ann, { signed_transaction })).body).toMatchObject({ auto_renew: true });
});

test('a purchase that names another account is refused, one that names none of ours is not', async ({
  world,
  shop,
}) => {
  const [ann, bob] = [await world.person('ann'), await world.person('bob')];
  const { body } = await world.send('GET', '/api/subscription/features/', bob);
  const bobs = await shop.apple.transaction({ appAccountToken: body.account_refs.apple });
  const before = await traces(world);
  const refused = await show(world, 'apple', ann, { signed_transaction: bobs });
  expect([refused.status, refused.body.code]).toEqual([409, 'purchase_taken']);
  expect(await traces(world)).toEqual(before);
  const elsewhere = { originalTransactionId: '2', appAccountToken: '7e3fb20b-4cdb-47cc-936d-99d65f608138' };
  const others = await shop.apple.transaction(elsewhere);
  expect((await show(world, 'apple', ann, { signed_transaction: others })).status).toBe(200);
});

test('what the App Store has not signed is refused, and leaves nothing', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const before = await traces(world);
  const forged = await shop.apple.notification('SUBSCRIBED', {}, { by: await makeChain() });
  const { body } = await shop.apple.notification('SUBSCRIBED');
  const garbled = { signedPayload: `${body.signedPayload.slice(0, -4)}AAAA` };
  for (const sent of [forged.body, garbled, {}, { signedPayload: 'x' }]) {
    const answer = await tell(world, 'apple', { body: sent, headers: {} });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_signature']);
  }
  const refused = await show(world, 'apple', ann, { signed_transaction: garbled.signedPayload });
  expect([refused.status, refused.body.code]).toEqual([422, 'purchase_invalid']);
  expect(await traces(world)).toEqual(before);
});

test('a test notification, of no purchase, is kept and done with', async ({ world, shop }) => {
  await apply(world, 'apple', await shop.apple.notification('TEST', null));
  expect(await world.rows('select type, handled_at is not null as done from webhook_event_log')).toEqual([
    { type: 'TEST', done: true },
  ]);
  expect(await kept(world)).toEqual([]);
});

test('nothing of prices is kept', async ({ world, shop }) => {
  await apply(world, 'apple', await shop.apple.notification('SUBSCRIBED'));
  const [{ payload }] = await world.rows('select payload from webhook_event_log');
  expect(Object.keys(payload.purchase).sort()).toEqual([
    'account_ref',
    'as_of',
    'auto_renew',
    'customer_ref',
    'environment',
    'expires_at',
    'needs_acknowledgement',
    'platform',
    'product_id',
    'replaces',
    'status',
    'transaction_id',
  ]);
  expect(JSON.stringify(payload)).not.toMatch(/49990|USD|price/);
});
