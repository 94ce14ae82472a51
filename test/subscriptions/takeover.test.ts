import { expect } from 'vitest';
import { apply, atOnce, kept, show, status, tell, test, traces } from './shop.ts';
import { inDays, NOW_MS } from './store-fronts.ts';

const codes = (answers: { status: number; body: { code?: string } }[]) =>
  answers.map(({ status, body }) => body.code ?? status).sort();

test('of two accounts that show one purchase in the same instant one has it, the other nothing', async ({
  world,
  shop,
}) => {
  for (let round = 0; round < 8; round += 1) {
    const people = [await world.person(`ann${round}`), await world.person(`bob${round}`)];
    const originalTransactionId = `${3000 + round}`;
    // In every other round the store has told of it before.
    if (round % 2 === 1) await apply(world, 'apple', await shop.apple.notification('X', { originalTransactionId }));
    const signed_transaction = await shop.apple.transaction({ originalTransactionId });
    const [{ events }] = await traces(world);
    const requests = people.map((person) => () => show(world, 'apple', person, { signed_transaction }));
    const answers = await (round < 4 ? Promise.all(requests.map((send) => send())) : atOnce(world, requests));
    expect(codes(answers)).toEqual([200, 'purchase_taken']);
    expect(answers.map(({ body }) => body.status ?? 200).sort()).toEqual([200, 409]);
    const tiers = await Promise.all(people.map(async (person) => (await status(world, person)).tier));
    expect(tiers).toEqual(answers.map(({ status }) => (status === 200 ? 'pro' : 'free')));
    expect(Number((await traces(world))[0].events) - Number(events)).toBe(1);
  }
});

test('a purchase stays with the first account, whoever shows it later', async ({ world, shop }) => {
  const [ann, bob] = [await world.person('ann'), await world.person('bob')];
  const signed_transaction = await shop.apple.transaction();
  await show(world, 'apple', ann, { signed_transaction });
  const before = await traces(world);
  const refused = await show(world, 'apple', bob, { signed_transaction });
  expect([refused.status, refused.body.code]).toEqual([409, 'purchase_taken']);
  const renewed = await shop.apple.transaction({ signedDate: NOW_MS, expiresDate: inDays(90) });
  expect((await show(world, 'apple', bob, { signed_transaction: renewed })).body.code).toBe('purchase_taken');
  expect(await traces(world)).toEqual(before);
});

test('who is subscribed in one store is not subscribed in another, until it ends', async ({ world, shop }) => {
  const ann = await world.person('ann');
  shop.google.sell('cross');
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction() });
  const before = await traces(world);
  const refused = await show(world, 'google', ann, { purchase_token: 'cross' });
  expect([refused.status, refused.body.code]).toEqual([409, 'subscribed_elsewhere']);
  expect(await traces(world)).toEqual(before);

  const over = { signedDate: NOW_MS, expiresDate: NOW_MS - 1 };
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction(over) });
  expect((await status(world, ann)).tier).toBe('free');
  const shown = await show(world, 'google', ann, { purchase_token: 'cross' });
  expect([shown.status, shown.body]).toMatchObject([200, { tier: 'pro', platform: 'google' }]);
  // What has ended may still be shown, and changes nothing.
  const again = await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction(over) });
  expect([again.status, again.body]).toMatchObject([200, { tier: 'pro', platform: 'google' }]);
});

test('what is theirs in two stores already, since the stores said so, may be shown', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const signed_transaction = await shop.apple.transaction();
  await show(world, 'apple', ann, { signed_transaction });
  shop.google.sell('second', { externalAccountIdentifiers: { obfuscatedExternalAccountId: `${ann.user_id}` } });
  await apply(world, 'google', await shop.google.push('second'));
  expect((await show(world, 'apple', ann, { signed_transaction })).status).toBe(200);
  expect((await show(world, 'google', ann, { purchase_token: 'second' })).status).toBe(200);
});

test('nor when both are shown in the same instant', async ({ world, shop }) => {
  for (let round = 0; round < 4; round += 1) {
    const ann = await world.person(`ann${round}`);
    shop.google.sell(`both${round}`);
    const signed_transaction = await shop.apple.transaction({ originalTransactionId: `${4000 + round}` });
    const answers = await atOnce(world, [
      () => show(world, 'google', ann, { purchase_token: `both${round}` }),
      () => show(world, 'apple', ann, { signed_transaction }),
    ]);
    expect(codes(answers)).toEqual([200, 'subscribed_elsewhere']);
  }
});

test('of several purchases the best counts, and what remains when it ends', async ({ world, shop }) => {
  const ann = await world.person('ann');
  const month = { originalTransactionId: '1', expiresDate: inDays(30), productId: 'month' };
  const year = { originalTransactionId: '2', expiresDate: inDays(365), productId: 'year' };
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction(year) });
  await show(world, 'apple', ann, { signed_transaction: await shop.apple.transaction(month) });
  const have = () => world.rows('select tier, product_id from subscription_usersubscription');
  expect(await have()).toEqual([{ tier: 'pro', product_id: 'year' }]);
  const refund = { ...year, signedDate: NOW_MS, revocationDate: NOW_MS };
  await apply(world, 'apple', await shop.apple.notification('REFUND', refund));
  expect(await have()).toEqual([{ tier: 'pro', product_id: 'month' }]);
  const over = { ...month, signedDate: NOW_MS, expiresDate: NOW_MS - 1 };
  await apply(world, 'apple', await shop.apple.notification('EXPIRED', over));
  expect(await have()).toMatchObject([{ tier: 'free' }]);
});

test('two that end in the same instant leave nothing', async ({ world, shop }) => {
  for (let round = 0; round < 6; round += 1) {
    const ann = await world.person(`ann${round}`);
    for (const originalTransactionId of [`${round}1`, `${round}2`]) {
      const signed_transaction = await shop.apple.transaction({ originalTransactionId });
      await show(world, 'apple', ann, { signed_transaction });
      const refund = { originalTransactionId, signedDate: NOW_MS, revocationDate: NOW_MS };
      await tell(world, 'apple', await shop.apple.notification('REFUND', refund));
    }
    const bells = await world.rows(
      `select id::int as event_id from outbox where event->>'type' = 'webhook.received' and done_at is null`,
    );
    await atOnce(
      world,
      bells.map((bell) => () => world.deliver([bell])),
    );
    expect((await status(world, ann)).tier).toBe('free');
  }
  expect(new Set((await kept(world)).map(({ status }) => status))).toEqual(new Set(['revoked']));
});

test('what an operator granted does not end with a purchase', async ({ world, shop }) => {
  const [ann, bob] = [await world.person('ann'), await world.person('bob')];
  await world.rows(
    `insert into subscription_usersubscription (user_id, tier, is_free) values ($1, 'pro', false), ($2, 'free', true)`,
    [ann.user_id, bob.user_id],
  );
  for (const [n, person] of [ann, bob].entries()) {
    const over = { originalTransactionId: `${n}`, expiresDate: NOW_MS - 1 };
    const { body } = await show(world, 'apple', person, { signed_transaction: await shop.apple.transaction(over) });
    expect(body).toMatchObject({ tier: 'pro', is_free: person === bob });
  }
});

test('an erased account leaves its purchase free for its owner’s next one', async ({ world, shop }) => {
  const [ann, anew] = [await world.person('ann'), await world.person('anew')];
  const signed_transaction = await shop.apple.transaction();
  await show(world, 'apple', ann, { signed_transaction });
  await world.rows('delete from auth_user where id = $1', [ann.user_id]);
  expect(await kept(world)).toMatchObject([{ user_id: null }]);
  expect((await show(world, 'apple', anew, { signed_transaction })).body.tier).toBe('pro');
});
