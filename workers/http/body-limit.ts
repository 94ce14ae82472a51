import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../domain/errors.ts';
import type { AppEnv } from './env.ts';

export const MAX_JSON_BYTES = 1024 * 1024;
/** What reads its body itself, as it comes (http/form.ts). */
export const STREAMED_PATHS = ['/api/documents/upload'];

/** Reads the body of a write, counting what really comes: a Content-Length may lie, and a chunked body has none. */
export const bodyLimit = (streamed: string[], max_bytes = MAX_JSON_BYTES): MiddlewareHandler<AppEnv> =>
  async function bodyLimit(c, next) {
    if (streamed.includes(c.req.path.replace(/\/$/, ''))) {
      c.set('body', new Uint8Array(0));
    } else if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      if (Number(c.req.header('content-length')) > max_bytes) throw tooLarge(max_bytes);
      const bytes = await readBody(c.req.raw.body, max_bytes);
      if (bytes.length > max_bytes) throw tooLarge(max_bytes);
      c.set('body', bytes);
      c.env.tookBody?.(bytes);
    }
    await next();
  };

export const tooLarge = (max_bytes: number) => new AppError('too_large', `The body is larger than ${max_bytes} bytes.`);

/** All of a body; of one that is too long its beginning, which is too long as well. */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  max_bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = stream?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    chunks.push(value);
    if (length > max_bytes) {
      await reader.cancel();
      break;
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
