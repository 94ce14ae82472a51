import { afterAll, beforeAll, expect } from 'vitest';
import { sesReports } from '../../adapters/ses-reports.ts';
import { MailError } from '../../domain/mail.ts';
import { later } from '../consumer.ts';
import { NOW, type Person, test, type World } from '../home.ts';
import { addPhone, prefer, SILENT } from '../quarter-hours.ts';
import { bounce, complaint, type Sns, startSns, TOPIC } from './sns-stand-in.ts';

const HOOK = '/api/mail/webhook/ses/';

let sns: Sns;
let stale: Sns;
beforeAll(async () => {
  sns = await startSns(NOW);
  stale = await startSns(NOW, { to: '2026-03-07T14:00:00.000Z' });
});
afterAll(() => Promise.all([sns.close(), stale.close()]));

const listening = (world: World, endpoint = sns.url) => {
  world.ports.mailReports = sesReports({ topics: [TOPIC], endpoint });
};
/** As SNS posts it: JSON that calls itself text. */
const post = (world: World, message: object) =>
  world.send('POST', HOOK, null, JSON.stringify(message), { headers: { 'content-type': 'text/plain; charset=UTF-8' } });

async function workOff(world: World): Promise<void> {
  const due = await world.rows(
    'select id::int as event_id from outbox where done_at is null and dead_at is null and run_at <= now() order by id',
  );
  if (due.length > 0) await world.deliver(due);
}

const suppressed = async (world: World) =>
  (await world.rows('select reason from notifications_suppression order by created_at, reason')).map(
    ({ reason }) => reason,
  );
const logged = async (world: World) => (await world.rows('select count(*)::int as n from webhook_event_log'))[0].n;
const addressOf = ({ username }: Person) => `${username}@example.com`;
const forget = (world: World, { username }: Person) =>
  world.send('POST', '/api/auth/forgot-password/', null, { email: `${username}@example.com` });

test('an address that mail bounced from is sent no more, until its owner has another', async ({ world }) => {
  listening(world);
  const [ann, bob, eve] = [await world.person('ann'), await world.person('bob'), await world.person('eve')];
  const message = sns.signed(sns.notification(bounce('Ann <ANN@example.com>')));
  expect((await post(world, message)).body).toEqual({ received: true });
  await workOff(world);
  expect(await suppressed(world)).toEqual(['bounce']);
  expect(JSON.stringify(await world.rows('select payload from webhook_event_log'))).not.toMatch(/ann@/i);
  const soft = [
    bounce(addressOf(bob), 'Transient'),
    complaint(addressOf(bob), 'not-spam'),
    { eventType: 'Delivery' },
    'Validated.',
  ];
  for (const report of soft) expect((await post(world, sns.signed(sns.notification(report)))).status).toBe(200);
  await post(
    world,
    sns.signed(sns.notification(complaint(addressOf(eve)), { Subject: 'Amazon SES' }), { version: '1' }),
  );
  await workOff(world);
  expect([await suppressed(world), await logged(world)]).toEqual([['bounce', 'complaint'], 2]);

  for (const person of [ann, bob, eve]) await forget(world, person);
  await workOff(world);
  expect(world.mails.map(({ to }) => to)).toEqual([addressOf(bob)]);
  const deliveries = await world.rows(
    `select d.user_id::int, d.result, d.message_id, o.done_at is not null as done from notifications_delivery d
     join outbox o on o.id = d.event_id order by d.user_id`,
  );
  expect(deliveries).toEqual([
    { user_id: ann.user_id, result: 'suppressed', message_id: null, done: true },
    { user_id: bob.user_id, result: 'sent', message_id: 'm-1', done: true },
    { user_id: eve.user_id, result: 'suppressed', message_id: null, done: true },
  ]);

  await world.rows(`update auth_user set email = 'ann@elsewhere.example' where id = $1`, [ann.user_id]);
  await world.send('POST', '/api/auth/forgot-password/', null, { email: 'ann@elsewhere.example' });
  await workOff(world);
  expect(world.mails.map(({ to }) => to)).toEqual([addressOf(bob), 'ann@elsewhere.example']);
});

test('a report is applied once, and what Amazon did not sign for us is refused', async ({ world }) => {
  listening(world);
  const ann = await world.person('ann');
  const message = sns.notification(bounce(addressOf(ann)));
  const signed = sns.signed(message);
  const elsewhere = 'https://sns.us-east-1.amazonaws.com.example';
  const forged: [string, object][] = [
    ['another reader', { ...signed, Message: JSON.stringify(bounce('bob@example.com')) }],
    ['another id', { ...signed, MessageId: crypto.randomUUID() }],
    ['a subject that was not signed', { ...signed, Subject: 'x' }],
    ['another topic of Amazon’s', sns.signed({ ...message, TopicArn: `${TOPIC}-2` })],
    [
      'a certificate of somebody else',
      sns.signed(message, { certificate: `${stale.url}${new URL(signed.SigningCertURL ?? '').pathname}` }),
    ],
    [
      'a certificate elsewhere',
      sns.signed(message, { certificate: `${elsewhere}/SimpleNotificationService-${'a'.repeat(32)}.pem` }),
    ],
    ['another path', sns.signed(message, { certificate: `${sns.url}/?Action=Subscribe` })],
    [
      'no certificate there',
      sns.signed(message, { certificate: `${sns.url}/SimpleNotificationService-${'a'.repeat(32)}.pem` }),
    ],
    ['long ago', sns.signed({ ...message, Timestamp: '2026-01-07T15:00:00.000Z' })],
    ['tomorrow', sns.signed({ ...message, Timestamp: '2026-03-08T15:00:00.000Z' })],
    ['signed as it was with SHA-1', { ...signed, SignatureVersion: '1' }],
    ['an unknown version', { ...signed, SignatureVersion: '3' }],
    ['no message', { hello: 'world' }],
  ];
  for (const [what, bad] of forged) {
    const { status, body } = await post(world, bad);
    expect([status, body.code], what).toEqual([400, 'invalid_signature']);
  }
  listening(world, stale.url);
  expect((await post(world, stale.signed(message))).body.code, 'an old certificate').toBe('invalid_signature');
  world.ports.mailReports = sesReports({ topics: [], endpoint: sns.url });
  expect((await post(world, signed)).body.code, 'nobody has a topic').toBe('invalid_signature');
  listening(world, 'http://127.0.0.1:1');
  const away = await post(
    world,
    sns.signed(message, { certificate: `http://127.0.0.1:1/SimpleNotificationService-${'b'.repeat(32)}.pem` }),
  );
  expect([away.status, away.body.code]).toEqual([503, 'mail_unavailable']);
  expect(await logged(world)).toBe(0);

  listening(world);
  const before = world.trips.length;
  expect((await post(world, signed)).status).toBe(200);
  expect(world.trips.length - before).toBe(1);
  await workOff(world);
  await world.rows('delete from notifications_suppression');
  expect((await post(world, signed)).body).toEqual({ received: true });
  await world.rows(`update outbox set done_at = null, attempts = 0 where event ->> 'type' = 'mail.reported'`);
  await workOff(world);
  expect([await logged(world), await suppressed(world)]).toEqual([1, []]);
});

test('a subscription is confirmed by its job, at Amazon and not where the message says', async ({ world }) => {
  listening(world);
  expect((await post(world, sns.signed(sns.confirmation()))).body).toEqual({ received: true });
  await workOff(world);
  const asked = sns.asked.map(({ path }) => path).filter((path) => path.startsWith('/?Action=ConfirmSubscription'));
  expect(asked).toEqual([`/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(TOPIC)}&Token=a-token`]);
  expect((await post(world, sns.signed({ ...sns.confirmation(), Type: 'UnsubscribeConfirmation' }))).status).toBe(200);
  expect(await logged(world)).toBe(1);
});

test('an address that its carrier refuses is sent no more; other refusals stay dead letters; pushes go on', async ({
  world,
}) => {
  const { owner, member, viewer, residence_id } = await world.home();
  await addPhone(world, member, 'phone');
  await prefer(world, viewer, SILENT);
  await prefer(world, member, { ...SILENT, task_completed: { push: true, email: true, in_app: false } });
  const carry = world.ports.mail;
  const refuse = (is_of_address: boolean) => async () => {
    throw new MailError('permanent', 'SMTP answered RCPT TO with 550', { is_of_address });
  };
  const complete = async () => {
    const { id } = await world.task(owner, residence_id);
    await world.send('POST', `/api/tasks/${id}/quick-complete/`, owner);
    for (let round = 0; round < 3; round += 1) await workOff(world);
  };
  world.ports.mail = refuse(false);
  await complete();
  expect(await suppressed(world)).toEqual([]);
  expect(await world.rows('select last_error from outbox where dead_at is not null')).toHaveLength(1);
  world.ports.mail = refuse(true);
  await complete();
  expect(await suppressed(world)).toEqual(['refusal']);
  world.ports.mail = carry;
  await complete();
  await later(world);
  await workOff(world);
  expect([world.mails, world.pushes.length]).toEqual([[], 3]);
  const mailed = await world.rows(
    `select result from notifications_delivery where channel = 'email' order by event_id`,
  );
  expect(mailed.map(({ result }) => result)).toEqual(['refused', 'suppressed']);
  expect(await world.rows('select id from outbox where dead_at is not null')).toHaveLength(1);
});
