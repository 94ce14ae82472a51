import { expect } from 'vitest';
import { RESTORABLE_DAYS } from '../../domain/account.ts';
import { addEvents, consumed, later } from '../consumer.ts';
import { type Person, test, type World } from '../home.ts';
import { discardAll, makeAll, waiting } from '../jobs/origin.ts';
import { keysIn, photoOf, upload } from '../uploads/storage.ts';
import { PASSWORD, registerVerified } from './somebody.ts';

/** In everything that the person has ever typed, and in nothing else. */
const MARK = 'zyxqvantum';

/** The person's own home, and one of somebody else that they are a member of. */
async function household(world: World) {
  const person = await registerVerified(world, MARK);
  const other = await registerVerified(world, 'bob');
  const send = async (method: string, path: string, by: Person, input?: object) => {
    const { status, body } = await world.send(method, path, by, input, {
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
    expect(Math.floor(status / 100), `${method} ${path}: ${JSON.stringify(body)}`).toBe(2);
    return body;
  };
  await send('PATCH', '/api/auth/me/', person, { first_name: `Anna ${MARK}`, last_name: 'Musterfrau' });
  const own = (await send('POST', '/api/residences/', person, { name: `Home of ${MARK}`, city: MARK })).id;
  const shared = (await send('POST', '/api/residences/', other, { name: 'Shared' })).id;
  const { code } = await send('POST', `/api/residences/${shared}/share-code/`, other, {});
  await send('POST', '/api/residences/join/', person, { code });
  return { person, other, own, shared, send };
}

/** A row in every table that may name somebody, by the API where it has a way there. */
async function fill(world: World, { person, other, own, shared, send }: Awaited<ReturnType<typeof household>>) {
  const { user_id } = person;
  for (const [residence_id, word] of [
    [own, MARK],
    [shared, 'Filter'],
  ] as const) {
    const { data: task } = await send('POST', '/api/tasks/', person, { residence_id, title: word, frequency_id: 5 });
    await send('POST', `/api/tasks/${task.id}/skip/`, person);
    await photoOf(world, person, task.id);
    await send('POST', '/api/contractors/', person, { residence_id, name: word, notes: word });
    const document = await send('POST', '/api/documents/', person, {
      residence_id,
      title: word,
      document_type: 'other',
    });
    await send('PATCH', `/api/documents/${document.id}/`, person, { tags: [word], notes: word });
    await send('PATCH', `/api/documents/${document.id}/`, person, { tags: [] });
    const bytes = new TextEncoder().encode(`%PDF-1.7 ${word}`);
    const { upload_id } = await upload(world, person, bytes, {
      category: 'document',
      content_type: 'application/pdf',
      filename: `${word}.pdf`,
    });
    await send('PATCH', `/api/documents/${document.id}/`, person, { upload_ids: [upload_id] });
  }
  await send('POST', '/api/contractors/', person, { name: MARK });
  await send('POST', `/api/residences/${own}/share-code/`, person, {});
  await send('POST', '/api/calendar/feeds/', person, {});
  await send('POST', '/api/notifications/devices/', person, {
    platform: 'android',
    token: MARK,
    environment: 'production',
    name: MARK,
  });
  await send(
    'PUT',
    '/api/notifications/preferences/',
    person,
    (await world.send('GET', '/api/notifications/preferences/', person)).body,
  );
  await send('POST', '/api/auth/resend-verification/', person).catch(() => undefined);
  await upload(world, person, new Uint8Array(9), { filename: `${MARK}.png` });
  await send('POST', `/api/residences/${own}/report/`, person);
  await makeAll(world, async () => ({
    filename: `${MARK}.pdf`,
    content_type: 'application/pdf',
    body: (async function* () {
      yield new Uint8Array(9);
    })(),
  }));
  // Bob is told who did what.
  await later(world);
  await consumed(world, await waiting(world, 'member.joined', 'task.completed', 'tasks.created', 'task.created'));
  const [told] = await world.rows(
    `select count(*)::int as n from notifications_notification where user_id = $1 and body || title ilike '%${MARK}%'`,
    [other.user_id],
  );
  expect(told.n).toBeGreaterThan(0);
  await world.rows(
    `with k as (insert into contact_apikey (name, digest, hint) values ('site', 'x', 'x') returning id)
     insert into contact_message (api_key_id, name, email, message) select id, '${MARK}', upper($1), '${MARK}' from k`,
    [`${MARK}@example.com`],
  );
  await world.rows(`insert into user_socialaccount (user_id, provider, subject) values ($1, 'apple', '${MARK}')`, [
    user_id,
  ]);
  await world.rows(
    `insert into user_confirmationcode (user_id, purpose, nonce, email, expires_at) values ($1, 'change_email', 'x', '${MARK}@new.example', now() + interval '1 hour') on conflict do nothing`,
    [user_id],
  );
  await world.rows(`insert into subscription_usersubscription (user_id, transaction_id) values ($1, 't1')`, [user_id]);
  await world.rows(
    `insert into subscription_transaction (platform, transaction_id, user_id, product_id, customer_ref, status, stated_at)
     values ('stripe', 't1', $1, 'pro', 'cus_${MARK}', 'active', now())`,
    [user_id],
  );
  await world.rows(
    `insert into webhook_event_log (provider, event_id, type, payload, handled_at)
     values ('stripe', 'e1', 'x', jsonb_build_object('purchase', jsonb_build_object('account_ref', $1::text, 'customer_ref', 'cus_${MARK}')), now())`,
    [user_id],
  );
  await world.rows(
    `insert into notifications_suppression (address_digest, reason) values (encode(sha256('${MARK}@example.com'), 'hex'), 'bounce')`,
  );
  await world.rows(
    `insert into notifications_reminder (user_id, kind, subject_id, subject_date, stage, channel) values ($1, 'welcome', 0, date 'epoch', 0, 'email')`,
    [user_id],
  );
  await world.rows(
    `insert into notifications_delivery (event_id, channel, user_id, result, error) values (1, 'email', $1, 'refused', '${MARK}')`,
    [user_id],
  );
  const [dead] = await addEvents(world, [{ type: 'user.updated', user_id }]);
  await world.rows(`update outbox set dead_at = now(), last_error = '${MARK}' where id = $1`, [dead]);
}

const TABLES = `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;

/** Every table in which any column of any type says it. */
async function tablesThatSay(world: World, word: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of await world.rows(TABLES)) {
    const rows = await world.rows(`select from ${name} t where t::text ilike $1 limit 1`, [`%${word}%`]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

/** Every column that refers to users, by a foreign key or by its name, and holds this one. */
async function columnsThatRefer(world: World, user_id: number): Promise<string[]> {
  const columns = await world.rows(
    `select c.table_name as t, c.column_name as c from information_schema.columns c
     join information_schema.tables b on b.table_name = c.table_name and b.table_schema = 'public' and b.table_type = 'BASE TABLE'
     where c.table_schema = 'public' and c.data_type = 'bigint' and (c.column_name ~ '(user_id|_by_id|owner_id|_to_id|actor_id)$'
       or exists (select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
         where k.contype = 'f' and k.confrelid = 'auth_user'::regclass and k.conrelid = to_regclass(c.table_name) and a.attname = c.column_name))
     order by 1, 2`,
  );
  const found: string[] = [];
  for (const { t, c } of columns) {
    if ((await world.rows(`select from ${t} where ${c} = $1 limit 1`, [user_id])).length > 0) found.push(`${t}.${c}`);
  }
  return found;
}

test('after its days of grace nothing of an account is left, in no table and not in storage', async ({ world }) => {
  const given = await household(world);
  await fill(world, given);
  const { person, other, own, shared } = given;
  const { user_id } = person;
  const said = await tablesThatSay(world, MARK);
  expect(said.length).toBeGreaterThan(15);
  expect(said).not.toContain('audit_log');
  expect((await columnsThatRefer(world, user_id)).length).toBeGreaterThan(20);
  const of_shared = (
    await world.rows(
      `select object_key as key from task_taskcompletionimage where residence_id = $1 union all select object_key from task_documentimage where residence_id = $1`,
      [shared],
    )
  )
    .map(({ key }) => key)
    .sort();
  const objects = await keysIn(world);
  expect(objects.length).toBeGreaterThan(of_shared.length + 3);
  const audited = (await world.rows('select id from audit_log')).length;

  expect((await world.send('DELETE', '/api/auth/account/', person, { password: PASSWORD })).status).toBe(204);
  const days = (n: number) =>
    world.rows(`update auth_user set deleted_at = now() - make_interval(days => $2) where id = $1`, [user_id, n]);
  await days(RESTORABLE_DAYS - 1);
  await world.tick('40 * * * *');
  expect(await tablesThatSay(world, MARK)).toContain('auth_user');

  await days(RESTORABLE_DAYS + 1);
  for (const cron of ['40 * * * *', '10 * * * *', '40 * * * *']) await world.tick(cron);
  expect(world.logged).toContainEqual({ event: 'user.erased', user_id });
  expect(await tablesThatSay(world, MARK)).toEqual([]);
  expect(await tablesThatSay(world, 'Musterfrau')).toEqual([]);
  expect(await columnsThatRefer(world, user_id)).toEqual(['audit_log.actor_id']);
  expect(await world.rows('select from residence_residence where id = $1', [own])).toEqual([]);
  expect((await world.rows('select id from audit_log')).length).toBeGreaterThan(audited);
  expect(
    await world.rows(`select from outbox where event ->> 'user_id' = $1 and dead_at is not null`, [`${user_id}`]),
  ).toEqual([]);
  await discardAll(world);
  expect(await keysIn(world)).toEqual(of_shared);

  // What was done in the home of others is theirs.
  const board = (await world.send('GET', `/api/tasks/?residence_id=${shared}`, other)).body.columns.flatMap(
    ({ tasks }: { tasks: object[] }) => tasks,
  );
  expect(board).toEqual([expect.objectContaining({ title: 'Filter', created_by_id: null, completion_count: 1 })]);
  const history = await world.send('GET', `/api/tasks/${board[0].id}/completions/`, other);
  expect(history.body.results).toEqual([expect.objectContaining({ completed_by_id: null })]);
  // Purchases stay known, and nobody's.
  expect(await world.rows('select user_id, customer_ref from subscription_transaction')).toEqual([
    { user_id: null, customer_ref: null },
  ]);
});

test('whatever refers to users is found by an index when one of them goes', async ({ world }) => {
  const scanned = await world.rows(
    `select c.conrelid::regclass::text as child, a.attname as column from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'auth_user'::regclass and not exists (
       select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
         and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', '(' || a.attname || ' IS NOT NULL)'))`,
  );
  expect(scanned).toEqual([]);
});

test('an account that would leave a home without an owner stays, and keeps no other', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  await world.rows(`update auth_user set deleted_at = now() - interval '31 days' where id = any ($1)`, [
    [owner.user_id, stranger.user_id],
  ]);
  await expect(world.tick('40 * * * *')).rejects.toThrow('1 of what runs');
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'user.not_erased', user_id: owner.user_id }));
  expect(world.logged).toContainEqual({ event: 'user.erased', user_id: stranger.user_id });
  expect(await world.rows('select id::int from residence_residence')).toEqual([{ id: residence_id }]);
});
