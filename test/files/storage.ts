import { getRandomValues } from 'node:crypto';
import type { b2Files } from '../../adapters/files.ts';
import { BUCKET, KEYS, REGION } from '../s3/local.ts';

export type Bucket = Parameters<typeof b2Files>[0];

/** How the tests reach a storage, with deadlines that nothing of theirs meets. */
export const bucketAt = (endpoint: string, more: Partial<Bucket> = {}): Bucket => ({
  endpoint,
  region: REGION,
  bucket: BUCKET,
  ...KEYS,
  ask_ms: 20_000,
  send_ms: 20_000,
  idle_ms: 20_000,
  ...more,
});

/** Bytes that no other test has. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** A body of unknown length, in pieces as a network brings them. */
export async function* inPieces(bytes: Uint8Array, size = 60_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A body that breaks off. */
export async function* brokenAfter(bytes: Uint8Array, error: Error): AsyncGenerator<Uint8Array> {
  yield* inPieces(bytes);
  throw error;
}

export const read = async (body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body).arrayBuffer());
