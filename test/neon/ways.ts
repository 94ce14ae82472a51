import { neonConfig } from '@neondatabase/serverless';
import getPort from 'get-port';
import { vi } from 'vitest';
import { startNeonEndpoint } from '../../dev/neon-endpoint.ts';
import { createNeon, type NeonOptions } from '../../origin/neon/fetch.ts';

/** The two ways in which the official driver reaches our code. */
export const WAYS = ['in process', 'over HTTP'] as const;
export type Way = (typeof WAYS)[number];

export type Reached = {
  /** Sends what the driver would not. */
  post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

/** Points the driver of this test file at a Neon of its own. */
export async function reach(way: Way, options: NeonOptions = {}): Promise<Reached> {
  if (way === 'in process') {
    const neon = createNeon(options);
    neonConfig.fetchFunction = neon.fetch;
    const post: Reached['post'] = (body, headers) =>
      neon.fetch('/sql', {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : Buffer.from(body).toString(),
      });
    return { post, close: neon.close };
  }
  const endpoint = await startNeonEndpoint({ ...options, port: await getPort() });
  neonConfig.fetchFunction = undefined;
  neonConfig.fetchEndpoint = () => endpoint.url;
  return {
    post: (body, headers) => fetch(endpoint.url, { method: 'POST', headers, body }),
    close: endpoint.close,
  };
}

/** What a promise is rejected with; a promise that isn't is a failure. */
export async function rejection(promise: PromiseLike<unknown>): Promise<Record<string, unknown> & Error> {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown> & Error;
  }
  throw new Error('expected a rejection');
}

/** Starts a query now: the driver waits until somebody asks for the result. */
export const started = <T>(query: PromiseLike<T>): Promise<T> => (async () => await query)();

/** Waits for a condition, asking often. */
export const until = (condition: () => unknown): Promise<unknown> =>
  vi.waitUntil(condition, { interval: 5, timeout: 5000 });
