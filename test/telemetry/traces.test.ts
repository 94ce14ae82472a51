import { expect } from 'vitest';
import { b2Files } from '../../adapters/files.ts';
import { sesMail } from '../../adapters/mail.ts';
import { MailError } from '../../domain/mail.ts';
import { hop } from '../../usecases/hop.ts';
import { consumed } from '../consumer.ts';
import { bucketAt } from '../files/storage.ts';
import { testTogether as test, type World } from '../home.ts';
import { photoOf, storageOf } from '../uploads/storage.ts';
import { observed } from './observed.ts';
import { type Receiver, spansIn, startReceiver } from './receiver.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PHONE = '00f067aa0ba902b7';
const TRACED = { headers: { traceparent: `00-${TRACE}-${PHONE}-00`, 'x-request-id': 'from-a-phone' } };

const spansOf = ({ got }: Receiver) => got.filter(({ path }) => path === '/v1/traces').flatMap((one) => spansIn(one));

async function watched(world: World, options = {}) {
  const receiver = await startReceiver();
  world.onClose(receiver.close);
  const own = observed(receiver, options);
  Object.assign(world.ports, { telemetry: own.telemetry, log: own.log });
  return { receiver, ...own };
}

test('one trace, from a phone’s request through its event to the job, its retries and whom that asks', async ({
  world,
}) => {
  const { receiver, flush } = await watched(world);
  const { owner, residence_id } = await world.home();
  const created = await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Rake' }, TRACED);
  expect(created.status).toBe(201);
  const [event] = await world.rows('select id::int, traceparent from outbox order by id desc limit 1');

  const said: (string | undefined)[] = [];
  let isFull = true;
  const worker = {
    mail: async (_: unknown, traceparent?: string) => {
      said.push(traceparent);
      if (isFull) throw new MailError('temporary', 'the mailbox of ann@example.com is full');
      return { message_id: 'm-1' };
    },
  };
  const letter = { to: 'ann@example.com', subject: 'Rake', text: '', html: '', message_key: 'k' };
  const jobs = { 'task.created': { act: ({ mail }: { mail: World['ports']['mail'] }) => mail(letter) } };
  await consumed(world, [event.id], { jobs, worker });
  isFull = false;
  await world.rows('update outbox set run_at = now() where id = $1', [event.id]);
  await consumed(world, [event.id], { jobs, worker });
  await flush();

  const spans = spansOf(receiver).filter(({ traceId }) => traceId === TRACE);
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [root] = named('POST /api/tasks');
  expect(root).toMatchObject({
    parentSpanId: PHONE,
    runtime: 'edge',
    attributes: {
      'http.route': '/api/tasks',
      'http.response.status_code': 201,
      'honeydue.request_id': 'from-a-phone',
      'honeydue.trips': 1,
      'user.id': String(owner.user_id),
    },
  });
  // The write, by the tables that it goes to, and the bell after the answer.
  const ofRequest = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
  expect(ofRequest.map(({ name }) => name)).toEqual([
    expect.stringMatching(/hd_enter; .*insert task_task.*insert outbox/),
    'ring',
    'job task.created',
    'job task.created',
  ]);
  const attempts = named('job task.created');
  expect(event.traceparent).toBe(`00-${TRACE}-${root?.spanId}-00`);
  expect(attempts).toMatchObject([
    { attributes: { 'honeydue.attempt': 1, 'honeydue.result': 'failed' }, status: { message: 'MailError' } },
    { attributes: { 'honeydue.attempt': 2, 'honeydue.result': 'done' } },
  ]);
  // Whoever carries the mail is told of the very span.
  const mails = named('mail');
  expect(mails.map(({ parentSpanId }) => parentSpanId)).toEqual(attempts.map(({ spanId }) => spanId));
  expect(said).toEqual(mails.map(({ spanId }) => `00-${TRACE}-${spanId}-00`));
  expect(receiver.got.find(({ path }) => path === '/v1/traces')?.headers['x-tenant']).toBe('honey due');
});

test('several events worked off together keep their traces; what was asked for all of them links to each', async ({
  world,
}) => {
  const { receiver, flush } = await watched(world);
  const { owner, residence_id } = await world.home();
  for (const title of ['Rake', 'Sweep']) await world.send('POST', '/api/tasks/', owner, { residence_id, title });
  const events = await world.rows('select id::int, traceparent from outbox order by id desc limit 2');
  receiver.got.length = 0;
  await consumed(
    world,
    events.map(({ id }) => id),
  );
  await flush();
  const spans = spansOf(receiver);
  const jobs = spans.filter(({ name }) => name === 'job task.created');
  expect(jobs.map(({ traceId }) => traceId).sort()).toEqual(
    events.map(({ traceparent }) => traceparent.split('-')[1]).sort(),
  );
  const [batch] = spans.filter(({ name }) => name === 'batch');
  expect(batch?.links.map(({ spanId }) => spanId).sort()).toEqual(jobs.map(({ spanId }) => spanId).sort());
  const trips = spans.filter(({ parentSpanId }) => parentSpanId === batch?.spanId);
  expect(trips.length).toBeGreaterThan(0);
});

test('whoever is asked over HTTP is told of the trace, by a header that no signature covers', async () => {
  const receiver = await startReceiver();
  const traceparent = `00-${TRACE}-${PHONE}-01`;
  await b2Files(bucketAt(receiver.url)).under?.(traceparent).delete('completion/a', 'v1');
  const keys = { region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'secret' };
  const ses = sesMail({ ...keys, endpoint: receiver.url, from: 'home@example.com', deadline_ms: 500 });
  const mail = { to: 'ann@example.com', subject: 'Rake', text: '', html: '', message_key: 'k' };
  await expect(ses(mail, traceparent)).rejects.toThrow(MailError);
  expect(receiver.got.map(({ headers }) => headers.traceparent)).toEqual([traceparent, traceparent]);
  const signed = receiver.got.map(({ headers }) => /SignedHeaders=([^,]*)/.exec(String(headers.authorization))?.[1]);
  expect(signed.join()).not.toContain('traceparent');
  await receiver.close();
});

test('what a request asks of storage is a span of its trace', async ({ world }) => {
  const { receiver, flush } = await watched(world);
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { image_id } = await photoOf(world, owner, task_id);
  receiver.got.length = 0;
  const answer = await world.send('GET', `/api/media/completion-image/${image_id}/`, owner, undefined, TRACED);
  expect(answer.status).toBe(200);
  await flush();
  const get = spansOf(receiver).find(({ name, traceId }) => name === 'storage get' && traceId === TRACE);
  expect(get).toMatchObject({ kind: 3 });
});

test('a hop to the origin belongs to the trace, is counted by its reason and always kept', async () => {
  const receiver = await startReceiver();
  const { telemetry, flush } = observed(receiver, { share: 0 });
  const headers = new Headers({ traceparent: `00-${TRACE}-${PHONE}-00` });
  let said: string | null = null;
  await hop(telemetry, { reason: 'database', request_id: 'r-1', headers, notes: undefined }, async (traceparent) => {
    said = traceparent;
  });
  await flush();
  const [span] = spansOf(receiver);
  expect(span).toMatchObject({
    name: 'failover',
    traceId: TRACE,
    parentSpanId: PHONE,
    status: { message: 'database' },
  });
  expect(said).toBe(`00-${TRACE}-${span?.spanId}-00`);
  const [counts] = receiver.got.filter(({ path }) => path === '/internal/metrics').map(({ body }) => JSON.parse(body));
  expect(counts.series).toContainEqual({
    name: 'failover_total',
    labels: { reason: 'database', runtime: 'edge' },
    sum: 1,
  });
  await receiver.close();
});

test('of requests that went well nothing is kept but what was chosen; what failed is', async ({ world }) => {
  const { receiver, flush } = await watched(world, { share: 0 });
  const { owner } = await world.home();
  expect((await world.send('GET', '/api/auth/me/', owner)).status).toBe(200);
  const away = { batch: () => Promise.reject(Object.assign(new Error('no'), { name: 'NeonDbError' })) };
  const db = new Proxy(world.ports.db, { get: (of, name) => (name === 'batch' ? away.batch : Reflect.get(of, name)) });
  expect((await world.send('GET', '/api/auth/me/', owner, undefined, { ports: { db } })).status).toBe(503);
  await flush();
  expect(spansOf(receiver)).toMatchObject([
    { name: 'GET /api/auth/me', status: { code: 2, message: '503' } },
    { name: expect.stringContaining('user_authtoken'), status: { message: 'database_unavailable' } },
  ]);
});
