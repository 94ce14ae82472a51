import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { b2Files } from '../../adapters/files.ts';
import { startS3 } from '../../dev/s3/server.ts';
import { app } from '../../workers/app.ts';
import { bucketAt } from '../files/storage.ts';
import type { Person, World } from '../home.ts';
import { BUCKET, KEYS, speaker } from '../s3/local.ts';

type Local = Awaited<ReturnType<typeof startFor>>;

const locals = new WeakMap<World, Promise<Local>>();

/** The world's own S3 server, which is started when it is first asked for and ends with the world. */
export function storageOf(world: World): Promise<Local> {
  const local = locals.get(world) ?? startFor(world);
  locals.set(world, local);
  return local;
}

async function startFor(world: World) {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-s3-'));
  const server = await startS3({ ...KEYS, port: await getPort(), folder, buckets: [BUCKET] });
  world.onClose(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  world.ports.files = b2Files(bucketAt(server.url));
  return { ...server, ...speaker(server.url) };
}

type Promising = {
  category?: string;
  content_type?: string;
  content_length?: number;
  filename?: string;
  sha256?: string;
};
type Promised = { upload_id: number; url: string; headers: Record<string, string>; object_key: string };

/** Asks for an upload and puts these bytes there. */
export async function upload(
  world: World,
  by: Person,
  bytes: Uint8Array<ArrayBuffer>,
  more: Promising = {},
): Promise<Promised> {
  await storageOf(world);
  const input = { category: 'completion', content_type: 'image/png', content_length: bytes.length, ...more };
  const { status, body } = await world.send('POST', '/api/uploads/presign/', by, input);
  if (status !== 201) throw new Error(JSON.stringify(body));
  await putTo(body, bytes);
  const [{ object_key }] = await world.rows('select object_key from pending_uploads where id = $1', [body.upload_id]);
  return { ...body, object_key };
}

/** Puts bytes to a URL that was promised, as a client does. */
export async function putTo({ url, headers }: Pick<Promised, 'url' | 'headers'>, bytes: Uint8Array<ArrayBuffer>) {
  const answer = await fetch(url, { method: 'PUT', headers, body: bytes });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A photo of a completion, claimed; `bytes` is what was uploaded. */
export async function photoOf(world: World, by: Person, task_id: number, bytes = picture()) {
  const { upload_id } = await upload(world, by, bytes);
  const input = { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids: [upload_id] };
  const { status, body } = await world.send('POST', '/api/task-completions/', by, input);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const [{ id, url }] = body.data.images;
  return { image_id: id as number, url: url as string, completion_id: body.data.id as number, bytes };
}

/** As the job leaves a photo that it has prepared, here without changing it. */
export const prepare = (world: World, image_id: number, sha256: string) =>
  world.rows('update task_taskcompletionimage set prepared_at = now(), sha256 = $2 where id = $1', [image_id, sha256]);

/** Reads through the API, with the bytes as they came. */
export async function readBytes(world: World, path: string, by: Person, headers: Record<string, string> = {}) {
  const init = { headers: { authorization: `Token ${by.token}`, ...headers } };
  const answer = await app.request(path, init, world.ports);
  return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

/** A small picture that no other test has: one grey pixel, and noise that no decoder comes to. */
export function picture(size = 2000): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  crypto.getRandomValues(bytes);
  bytes.set(PNG_HEAD);
  return bytes;
}

const PNG_HEAD = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptV'), (sign) => sign.charCodeAt(0));

/** What storage holds, all versions, in order. */
export async function keysIn(world: World): Promise<string[]> {
  await storageOf(world);
  const { versions } = await world.ports.files.listVersions('');
  return versions.map(({ key }) => key).sort();
}
