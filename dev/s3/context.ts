import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';
import type { Store } from './store.ts';

/** What an operation works with: a request whose signature is good, and where things are kept. */
export type Context = {
  request: S3Request;
  body: IncomingMessage;
  /** Tells a client that waits for it (`Expect: 100-continue`) to send the body. */
  proceed(): void;
  /** `UNSIGNED-PAYLOAD` or the SHA-256 that the body must have. */
  payloadHash: string;
  store: Store;
  region: string;
};

/** What an operation answers; XML unless it is a stream. */
export type Answer = { status: number; headers?: Record<string, string>; xml?: string; stream?: Readable };

export type Operation = (context: Context) => Answer | Promise<Answer>;

/** A whole number from the query, or the value to take if it is not given. */
export function numberFrom(
  { query }: S3Request,
  name: string,
  range: { min: number; max: number; or: number },
): number {
  const text = query.get(name);
  if (text === undefined || text === '') return range.or;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= range.min && number <= range.max)) {
    throw new S3Error('InvalidArgument', `Argument ${name} must be an integer between ${range.min} and ${range.max}`);
  }
  return number;
}
