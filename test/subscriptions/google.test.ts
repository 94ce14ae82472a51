import { expect } from 'vitest';
import type { World } from '../home.ts';
import { apply, kept, show, status, tell, test, traces, workOff } from './shop.ts';
import { inDays, iso, NOW_MS } from './store-fronts.ts';

const item = (expires_ms: number) => [{ productId: 'pro', expiryTime: iso(expires_ms) }];

test('a purchase is read from the Play Store, kept, and acknowledged once it is', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('first/token');
  const before = shop.google.acknowledged();
  const shown = await show(world, 'google', ann, { purchase_token: 'first/token', product_id: 'pro' });
  expect([shown.status, shown.body]).toMatchObject([200, { tier: 'pro', platform: 'google', auto_renew: true }]);
  expect(shown.headers.get('server-timing')).toContain('trips;desc="2"');
  expect(shop.google.acknowledged() - before).toBe(0);
  await workOff(world);
  expect(shop.google.acknowledged() - before).toBe(1);
  await show(world, 'google', ann, { purchase_token: 'first/token' });
  await workOff(world);
  expect(shop.google.acknowledged() - before).toBe(1);
});

test('what is not acknowledged while the Play Store is away is acknowledged later', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('later');
  await show(world, 'google', ann, { purchase_token: 'later' });
  const before = shop.google.acknowledged();
  shop.fail({ status: 503 });
  await workOff(world);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'job.failed', type: 'subscription.changed' }));
  shop.fail();
  await world.rows('update outbox set run_at = now() where done_at is null');
  await workOff(world);
  expect(shop.google.acknowledged() - before).toBe(1);
});

test('a token of nothing, or of something else, is refused', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('other');
  const before = await traces(world);
  for (const input of [{ purchase_token: 'nothing' }, { purchase_token: 'other', product_id: 'gold' }]) {
    const refused = await show(world, 'google', ann, input);
    expect([refused.status, refused.body.code]).toEqual([422, 'purchase_invalid']);
  }
  expect((await show(world, 'google', ann, {})).body.fields).toHaveProperty('purchase_token');
  shop.fail({ status: 500 });
  const away = await show(world, 'google', ann, { purchase_token: 'other' });
  expect([away.status, away.body.code, away.headers.get('retry-after')]).toEqual([503, 'billing_unavailable', '30']);
  expect(await traces(world)).toEqual(before);
});

test('nobody who is not signed in makes us ask the Play Store', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const asked = shop.google.asked.length;
  const stranger = { ...ann, token: `hd_${'x'.repeat(43)}` };
  expect((await show(world, 'google', stranger, { purchase_token: 'x' })).status).toBe(401);
  expect(shop.google.asked).toHaveLength(asked);
});

const changes = async (world: World) =>
  (await world.rows(`select count(*)::int n from outbox where event->>'type' = 'subscription.changed'`))[0].n;

test('a push says where to look; what counts is read', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('pushed', { externalAccountIdentifiers: { obfuscatedExternalAccountId: `${ann.user_id}` } });
  const before = shop.google.acknowledged();
  const told = await shop.google.push('pushed', { type: 4 });
  const answer = await tell(world, 'google', told);
  expect([answer.status, answer.headers.get('server-timing')]).toEqual([
    200,
    expect.stringContaining('trips;desc="1"'),
  ]);
  await workOff(world);
  expect(await status(world, ann)).toMatchObject({ tier: 'pro', platform: 'google' });
  expect(shop.google.acknowledged() - before).toBe(1);

  const after = await traces(world);
  for (let n = 0; n < 3; n += 1) await apply(world, 'google', told);
  expect(await traces(world)).toEqual(after);

  const later = async (seconds: number, more: object) => {
    world.ports.now = () => iso(NOW_MS + seconds * 1000);
    shop.google.sell('pushed', { acknowledgementState: 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED', ...more });
    await apply(world, 'google', await shop.google.push('pushed'));
    return (await status(world, ann)).tier;
  };
  const held = { subscriptionState: 'SUBSCRIPTION_STATE_ON_HOLD', lineItems: item(inDays(30)) };
  expect(await later(1, held)).toBe('free');
  expect(await changes(world)).toBe(2);
  expect(await later(1.5, held)).toBe('free');
  expect(await changes(world)).toBe(2);
  expect(await later(2, { lineItems: item(inDays(60)) })).toBe('pro');
  expect(await later(3, { subscriptionState: 'SUBSCRIPTION_STATE_IN_GRACE_PERIOD' })).toBe('pro');
  expect(await later(4, { subscriptionState: 'SUBSCRIPTION_STATE_EXPIRED', lineItems: item(NOW_MS) })).toBe('free');
});

test('a read that is older than what is kept changes nothing', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('aged');
  await show(world, 'google', ann, { purchase_token: 'aged' });
  const before = await kept(world);
  shop.google.sell('aged', { subscriptionState: 'SUBSCRIPTION_STATE_EXPIRED' });
  world.ports.now = () => iso(NOW_MS - 1000);
  await apply(world, 'google', await shop.google.push('aged'));
  expect(await kept(world)).toEqual(before);
});

test('a job that cannot ask the Play Store waits its turn, and is done once', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('waiting', { externalAccountIdentifiers: { obfuscatedExternalAccountId: `${ann.user_id}` } });
  shop.fail({ status: 503 });
  await apply(world, 'google', await shop.google.push('waiting'));
  expect(await world.rows('select handled_at from webhook_event_log')).toEqual([{ handled_at: null }]);
  expect((await status(world, ann)).tier).toBe('free');
  shop.fail();
  await world.rows('update outbox set run_at = now() where done_at is null');
  await workOff(world);
  expect((await status(world, ann)).tier).toBe('pro');
});

test('a purchase that continues another goes to the same account, and the other ends', async ({ world, shop }) => {
  const [ann, bob] = [await world.person('ann'), await world.person('bob')];
  shop.google.sell('old');
  await show(world, 'google', ann, { purchase_token: 'old' });
  await workOff(world);
  const before = shop.google.acknowledged();
  const plan = { lineItems: [{ productId: 'pro.yearly', expiryTime: iso(inDays(365)) }], linkedPurchaseToken: 'old' };
  shop.google.sell('new', plan);
  await apply(world, 'google', await shop.google.push('new', { type: 4 }));
  expect(await kept(world)).toMatchObject([
    { transaction_id: 'new', user_id: ann.user_id, status: 'active', product_id: 'pro.yearly' },
    { transaction_id: 'old', user_id: ann.user_id, status: 'expired', product_id: 'pro' },
  ]);
  expect(await world.rows('select tier, transaction_id from subscription_usersubscription')).toEqual([
    { tier: 'pro', transaction_id: 'new' },
  ]);
  expect(shop.google.acknowledged() - before).toBe(1);
  for (const purchase_token of ['new', 'old']) {
    expect((await show(world, 'google', bob, { purchase_token })).body.code).toBe('purchase_taken');
  }
  shop.google.sell('newest', { linkedPurchaseToken: 'new' });
  expect((await show(world, 'google', bob, { purchase_token: 'newest' })).body.code).toBe('purchase_taken');
  expect((await show(world, 'google', ann, { purchase_token: 'newest' })).status).toBe(200);
});

test('a purchase that is still to be paid gives nothing yet, and is not acknowledged', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const before = shop.google.acknowledged();
  shop.google.sell('unpaid', { subscriptionState: 'SUBSCRIPTION_STATE_PENDING', lineItems: [{ productId: 'pro' }] });
  expect((await show(world, 'google', ann, { purchase_token: 'unpaid' })).body).toMatchObject({ tier: 'free' });
  await workOff(world);
  expect(shop.google.acknowledged() - before).toBe(0);
  shop.google.sell('unpaid');
  world.ports.now = () => iso(NOW_MS + 1000);
  await apply(world, 'google', await shop.google.push('unpaid', { type: 4 }));
  expect((await status(world, ann)).tier).toBe('pro');
  expect(shop.google.acknowledged() - before).toBe(1);
});

test('what Pub/Sub has not signed for us is refused, and leaves nothing', async ({ world, shop }) => {
  const { body } = await shop.google.push('any');
  const other = await shop.google.push('any', { email: 'push@another.example' });
  const before = await traces(world);
  for (const headers of [{}, { authorization: 'Bearer x.y.z' }, other.headers]) {
    const answer = await tell(world, 'google', { body, headers });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_signature']);
  }
  expect(await traces(world)).toEqual(before);
});
