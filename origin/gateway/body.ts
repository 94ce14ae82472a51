import type { IncomingMessage } from 'node:http';
import { Failure } from './failure.ts';

const MAX_BODY_BYTES = 1024 * 1024;
/** What is still read and thrown away of a body that is too long, so that its sender lives to hear so. */
const MAX_WASTE_BYTES = 16 * MAX_BODY_BYTES;

/** Counts the bytes that come, whatever Content-Length says. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (length > MAX_WASTE_BYTES) break;
  }
  if (length > MAX_BODY_BYTES) throw new Failure(413, `ERR max request size exceeded: ${MAX_BODY_BYTES} bytes`);
  return Buffer.concat(chunks);
}
