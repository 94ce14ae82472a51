import { expect } from 'vitest';
import type { Person, World } from '../home.ts';
import { apply, kept, show, status, tell, test, traces, workOff } from './shop.ts';
import { iso, NOW_MS } from './store-fronts.ts';

const PAGES = { success_url: 'https://api.example.com/thanks?s={CHECKOUT_SESSION_ID}', cancel_url: 'honeydue://plans' };
const checkout = (world: World, person: Person, input: object = PAGES, headers = {}) =>
  world.send('POST', '/api/subscription/checkout/', person, input, { headers });
const portal = (world: World, person: Person, return_url = 'honeydue://account') =>
  world.send('POST', '/api/subscription/portal/', person, { return_url });

test('from checkout to pro to the portal to the end', async ({ world, shop }) => {
  const ann = await world.person('ann');
  expect(await portal(world, ann)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  const opened = await checkout(world, ann);
  expect([opened.status, opened.body]).toEqual([200, { url: expect.stringMatching(/^https:\/\/stripe\.example\//) }]);
  expect(opened.headers.get('server-timing')).toContain('trips;desc="2"');
  const form = Object.fromEntries(new URLSearchParams(shop.stripe.asked.at(-1)?.body));
  expect(form).toMatchObject({
    'line_items[0][price]': 'price_year',
    'subscription_data[metadata][user_id]': `${ann.user_id}`,
    customer_email: 'ann@example.com',
    ...PAGES,
  });
  expect(await world.rows('select event from outbox')).toEqual([
    { event: { type: 'subscription.page_opened', user_id: ann.user_id } },
  ]);

  shop.stripe.subscribe('sub_1', { metadata: { user_id: `${ann.user_id}` }, customer: 'cus_7' });
  await apply(world, 'stripe', shop.stripe.event('sub_1', { type: 'customer.subscription.created' }));
  expect(await status(world, ann)).toMatchObject({ tier: 'pro', platform: 'stripe', auto_renew: true });
  expect(await checkout(world, ann)).toMatchObject({ status: 409, body: { code: 'subscribed_elsewhere' } });
  const managed = await portal(world, ann);
  expect([managed.status, managed.body]).toEqual([200, { url: expect.stringContaining('stripe.example') }]);
  expect(new URLSearchParams(shop.stripe.asked.at(-1)?.body).get('customer')).toBe('cus_7');

  world.ports.now = () => iso(NOW_MS + 1000);
  shop.stripe.subscribe('sub_1', { status: 'canceled', ended_at: Math.floor(NOW_MS / 1000) });
  await apply(world, 'stripe', shop.stripe.event('sub_1', { type: 'customer.subscription.deleted' }));
  expect(await status(world, ann)).toMatchObject({ tier: 'free', platform: 'stripe', auto_renew: false });
  // A customer from before is not asked for their address again.
  await checkout(world, ann, { ...PAGES, price_id: 'price_month' });
  const again = Object.fromEntries(new URLSearchParams(shop.stripe.asked.at(-1)?.body));
  expect(again).toMatchObject({ customer: 'cus_1', 'line_items[0][price]': 'price_month' });
  expect(again).not.toHaveProperty('customer_email');
});

test('one key is one page, and a page only for what is sold', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const key = { 'idempotency-key': 'buy' };
  const first = await checkout(world, ann, PAGES, key);
  const asked = shop.stripe.asked.length;
  const again = await checkout(world, ann, PAGES, key);
  expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
  expect(shop.stripe.asked).toHaveLength(asked);
  expect((await checkout(world, ann, PAGES)).text).not.toBe(first.text);
  const unknown = await checkout(world, ann, { ...PAGES, price_id: 'price_other' });
  expect([unknown.status, Object.keys(unknown.body.fields)]).toEqual([400, ['price_id']]);
});

test('a try that failed on our side is the same page to Stripe', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const key = { 'idempotency-key': 'buy' };
  await world.rows('update auth_user set is_verified = false');
  const settings = { ...world.ports.settings, verified_only: true };
  const send = (ports: object) =>
    world.send('POST', '/api/subscription/checkout/', ann, PAGES, { headers: key, ports });
  expect((await send({ settings })).body.code).toBe('email_unverified');
  const tried = shop.stripe.asked.at(-1)?.headers['idempotency-key'];
  expect((await send({})).status).toBe(200);
  expect(shop.stripe.asked.at(-1)?.headers['idempotency-key']).toBe(tried);
});

test('Stripe sends nobody to anywhere but us', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const asked = shop.stripe.asked.length;
  for (const address of [
    'https://evil.example/',
    'https://api.example.com.evil.example/',
    'https://api.example.com@evil.example/',
    'http://api.example.com/',
    'https://api.example.com:8443/',
    'javascript:alert(1)',
    'data:text/html,x',
    'otherapp://account',
    '//evil.example',
    'nothing',
  ]) {
    for (const field of ['success_url', 'cancel_url']) {
      const refused = await checkout(world, ann, { ...PAGES, [field]: address });
      expect([refused.status, Object.keys(refused.body.fields)], address).toEqual([400, [field]]);
    }
    expect((await portal(world, ann, address)).status, address).toBe(400);
  }
  expect(shop.stripe.asked).toHaveLength(asked);
});

test('addresses that are read in two ways are sent on in one', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await checkout(world, ann, { ...PAGES, success_url: 'https://api.example.com\\@evil.example/' });
  expect(new URLSearchParams(shop.stripe.asked.at(-1)?.body).get('success_url')).toBe(
    'https://api.example.com/@evil.example/',
  );
});

test('who has pro from another store is not offered it', async ({ world, shop }) => {
  const ann = await world.person('ann');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction() });
  const asked = shop.stripe.asked.length;
  expect(await checkout(world, ann)).toMatchObject({ status: 409, body: { code: 'subscribed_elsewhere' } });
  expect(shop.stripe.asked).toHaveLength(asked);
});

test('an event delivered three times is applied once, and kept without what it says of money', async ({
  world,
  shop,
}) => {
  const ann = await world.person('ann');
  shop.stripe.subscribe('sub_3', { metadata: { user_id: `${ann.user_id}` } });
  const told = shop.stripe.event('sub_3');
  await apply(world, 'stripe', told);
  const after = await traces(world);
  for (let n = 0; n < 3; n += 1) await apply(world, 'stripe', told);
  expect(await traces(world)).toEqual(after);
  expect(after[0].told).toHaveLength(1);
  expect(JSON.stringify(after[0].told)).not.toMatch(/4900|ann@example/);
});

test('events that come in any order end with how things are', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const created = shop.stripe.event('sub_4', { at_ms: NOW_MS - 20_000 });
  const deleted = shop.stripe.event('sub_4', { at_ms: NOW_MS - 10_000 });
  shop.stripe.subscribe('sub_4', { metadata: { user_id: `${ann.user_id}` }, status: 'canceled', ended_at: 1 });
  await apply(world, 'stripe', deleted);
  world.ports.now = () => iso(NOW_MS + 1000);
  await apply(world, 'stripe', created);
  expect(await kept(world)).toMatchObject([{ transaction_id: 'sub_4', user_id: ann.user_id, status: 'expired' }]);
  expect((await status(world, ann)).tier).toBe('free');
});

test('events of what we know nothing of are kept, and done with', async ({ world, shop }) => {
  await apply(world, 'stripe', shop.stripe.event('sub_unknown'));
  expect(await world.rows('select handled_at is not null as done from webhook_event_log')).toEqual([{ done: true }]);
  shop.stripe.subscribe('sub_5', { metadata: { user_id: '999999' } });
  await apply(world, 'stripe', shop.stripe.event('sub_5'));
  expect(await kept(world)).toMatchObject([{ transaction_id: 'sub_5', user_id: null }]);
});

test('what Stripe has not signed, or long ago, is refused and leaves nothing', async ({ world, shop }) => {
  const { body } = shop.stripe.event('sub_6');
  const old = shop.stripe.event('sub_6', { at_ms: NOW_MS - 301_000 });
  const forged = shop.stripe.event('sub_6', { secret: 'whsec_other' });
  const before = await traces(world);
  for (const told of [{ body, headers: {} }, { body: {}, headers: forged.headers }, old, forged]) {
    const answer = await tell(world, 'stripe', told);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_signature']);
  }
  await workOff(world);
  expect(await traces(world)).toEqual(before);
});
