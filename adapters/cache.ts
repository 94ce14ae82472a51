import * as z from 'zod';
import type { Cache } from '../domain/cache.ts';
import { optional } from '../domain/environment.ts';
import type { Log } from '../usecases/ports.ts';
import { cachedBoards } from './cache/boards.ts';
import { type ClientOptions, upstashClient } from './cache/client.ts';
import { cachedCopies } from './cache/copies.ts';
import { sharedCount } from './cache/count.ts';

const Environment = z.object({ REDIS_REST_URL: optional(z.url({ protocol: /^https?$/ })) });
const Token = z.object({ REDIS_REST_TOKEN: z.string().min(1) });

/** The cache that the environment names; undefined if it names none. */
export function cacheFrom(env: Record<string, unknown>, log: Log): Cache | undefined {
  const { REDIS_REST_URL: url } = Environment.parse(env);
  return url === undefined ? undefined : redisCache({ url, token: Token.parse(env).REDIS_REST_TOKEN, log });
}

export function redisCache(options: ClientOptions, now?: () => number): Cache {
  const client = upstashClient(options);
  return {
    boards: cachedBoards(client, now),
    copies: cachedCopies(client, now),
    count: sharedCount(client),
    async check() {
      const began = performance.now();
      const answer = await client.run('return 1', [], []);
      return answer === undefined
        ? { state: 'down', latency_ms: null }
        : { state: 'ok', latency_ms: Math.round(performance.now() - began) };
    },
  };
}
