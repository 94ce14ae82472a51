import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import getPort from 'get-port';
import { expect, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { startEdge } from '../dev/edge.ts';
import { startNeonEndpoint } from '../dev/neon-endpoint.ts';
import { FILE_BYTES_MAX } from '../domain/file.ts';
import { app } from '../workers/app.ts';
import { appUrl } from './database.ts';
import { mostWhile, rssMib } from './faults/memory.ts';
import { workerds } from './files/in-workerd.ts';
import { randomBytes } from './files/storage.ts';
import { type Person, test, type World } from './home.ts';
import { BUCKET, KEYS, REGION } from './s3/local.ts';
import { keysIn, storageOf } from './uploads/storage.ts';

const GROWTH_MIB_MAX = 32;
const BOUNDARY = 'x-boundary-x';
const PART = (name: string) => `\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`;

/** The Worker in workerd, before the world's database and storage. */
async function startWorker(world: World) {
  const { url } = await storageOf(world);
  const endpoint = await startNeonEndpoint({ port: await getPort() });
  onTestFinished(() => endpoint.close());
  const before = workerds();
  const edge = await startEdge({
    port: await getPort(),
    databaseUrl: appUrl(world.name),
    neonEndpoint: endpoint.url,
    onLog: () => {},
    vars: {
      B2_ENDPOINT: url,
      B2_REGION: REGION,
      B2_BUCKET: BUCKET,
      B2_ACCESS_KEY_ID: KEYS.accessKeyId,
      B2_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    },
  });
  onTestFinished(() => edge.close());
  const [pid = 0] = workerds().filter((id) => !before.includes(id));
  return { port: Number(new URL(edge.url).port), pid };
}

/** The same app on Node, as the origin serves it. */
async function startNode(world: World) {
  await storageOf(world);
  const port = await getPort();
  const server = serve({ fetch: (request) => app.fetch(request, world.ports), port });
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { port };
}

/** A form whose file is a long PDF, as a network brings it. */
async function* form(residence_id: number, length: number) {
  const piece = randomBytes(60_000);
  yield Buffer.from(`${PART('file').slice(2)}; filename="a.pdf"\r\n\r\n%PDF-1.7\n`);
  for (let left = length - 9; left > 0; left -= piece.length) {
    yield piece.subarray(0, left);
    await setImmediate();
  }
  yield Buffer.from(
    `${PART('residence_id')}\r\n\r\n${residence_id}${PART('document_type')}\r\n\r\nmanual\r\n--${BOUNDARY}--\r\n`,
  );
}

const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

const Answer = z.looseObject({ code: z.string().optional(), filename: z.string().optional() });

async function send(port: number, by: Person, body: AsyncIterable<Uint8Array>, key: string = crypto.randomUUID()) {
  const headers = { authorization: `Token ${by.token}`, 'content-type': TYPE, 'idempotency-key': key };
  const init = { method: 'POST', headers, body: ReadableStream.from(body), duplex: 'half' } as const;
  const response = await fetch(`http://127.0.0.1:${port}/api/documents/upload/`, init);
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed'),
    body: Answer.parse(await response.json()),
  };
}

/** Sends a part of a form, and hangs up. */
async function hangUp(port: number, by: Person, residence_id: number, length: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `POST /api/documents/upload/ HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Token ${by.token}\r\n` +
      `content-type: ${TYPE}\r\ncontent-length: 30000000\r\n\r\n`,
  );
  let sent = 0;
  for await (const piece of form(residence_id, 29_000_000)) {
    sent += piece.length;
    if (sent > length) break;
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  socket.destroy();
}

const documents = `select (select count(*) from task_document)::int d, (select count(*) from task_documentimage)::int f`;
const unfinished = async (world: World) => (await world.ports.files.listUploads('')).uploads.length;

test('on workerd the longest file takes little memory, and a byte more is refused', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { port, pid } = await startWorker(world);
  expect((await send(port, owner, form(residence_id, 6_000_000))).status).toBe(201);
  const before = rssMib(pid);
  const sending = send(port, owner, form(residence_id, FILE_BYTES_MAX), 'long');
  expect(await mostWhile(sending, pid)).toBeLessThan(before + GROWTH_MIB_MAX);
  const { status, body } = await sending;
  expect([status, body.filename]).toEqual([201, 'a.pdf']);
  const sizes = await world.rows('select size::int from task_documentimage order by id');
  expect(sizes).toEqual([{ size: 6_000_000 }, { size: FILE_BYTES_MAX }]);
  const again = await send(port, owner, form(residence_id, 9000), 'long');
  expect([again.status, again.replayed, again.body]).toEqual([201, 'true', body]);

  const longer = await send(port, owner, form(residence_id, FILE_BYTES_MAX + 1));
  expect([longer.status, longer.body.code]).toEqual([413, 'too_large']);
  expect(await world.rows(documents)).toEqual([{ d: 2, f: 2 }]);
  expect([(await keysIn(world)).length, await unfinished(world)]).toEqual([2, 0]);

  for (const length of [0, 50_000, 3_000_000, 6_000_000, 12_000_000]) await hangUp(port, owner, residence_id, length);
  await vi.waitUntil(async () => (await unfinished(world)) === 0, 10_000);
  expect(await world.rows(documents)).toEqual([{ d: 2, f: 2 }]);
  expect((await keysIn(world)).length).toBe(2);
  expect((await send(port, owner, form(residence_id, 9000))).status).toBe(201);
}, 120_000);

test('on Node whoever is refused early, late or answered before is answered, and nothing stays', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const { port } = await startNode(world);
  const made = await send(port, owner, form(residence_id, 6_000_000), 'once');
  expect(made.status).toBe(201);
  const again = await send(port, owner, form(residence_id, 6_000_000), 'once');
  expect([again.status, again.replayed, again.body]).toEqual([201, 'true', made.body]);
  const made_up = { ...owner, token: `hd_${'x'.repeat(43)}` };
  expect((await send(port, made_up, form(residence_id, 6_000_000))).status).toBe(401);
  expect((await send(port, stranger, form(residence_id, 6_000_000))).status).toBe(404);
  for (const length of [0, 3_000_000, 12_000_000]) await hangUp(port, owner, residence_id, length);
  await vi.waitUntil(async () => (await unfinished(world)) === 0, 10_000);
  await world.settled();
  expect(await world.rows(documents)).toEqual([{ d: 1, f: 1 }]);
  expect((await keysIn(world)).length).toBe(1);
}, 60_000);
