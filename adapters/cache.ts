import * as z from 'zod';
import type { Cache } from '../domain/cache.ts';
import { optional } from '../domain/environment.ts';
import type { Log } from '../usecases/ports.ts';
import { cachedBoards } from './cache/boards.ts';
import { type ClientOptions, upstashClient } from './cache/client.ts';
import { cachedCopies } from './cache/copies.ts';
import { sharedCount } from './cache/count.ts';

type Options = ClientOptions & { is_near?: boolean };

const Environment = z.object({ REDIS_REST_URL: optional(z.url({ protocol: /^https?$/ })) });
const Token = z.object({ REDIS_REST_TOKEN: z.string().min(1) });

/** Nobody waits for what is said to Redis from far away, and the way there alone takes longer than somebody would. */
const FAR_DEADLINE_MS = 2000;
/** Copies are kept after an answer, or are the only answer that there is: who asks for one would rather wait. */
const COPY_DEADLINE_MS = 500;
const MOST_OWNERS = 10_000;

/** The cache that the environment names; undefined if it names none. */
export function cacheFrom(env: Record<string, unknown>, log: Log, is_near = true): Cache | undefined {
  const { REDIS_REST_URL: url } = Environment.parse(env);
  if (url === undefined) return undefined;
  const options = { url, token: Token.parse(env).REDIS_REST_TOKEN, log };
  return redisCache(is_near ? options : { ...options, deadline_ms: FAR_DEADLINE_MS, is_near });
}

export function redisCache({ is_near = true, ...options }: Options, now?: () => number): Cache {
  const client = upstashClient(options);
  const patient = upstashClient({ ...options, deadline_ms: Math.max(COPY_DEADLINE_MS, options.deadline_ms ?? 0) });
  return {
    is_near,
    boards: cachedBoards(client, now),
    copies: cachedCopies(patient, now),
    count: sharedCount(client),
    owners: someOwners(),
    async check() {
      const began = performance.now();
      const answer = await client.run('return 1', [], []);
      return answer === undefined
        ? { state: 'down', latency_ms: null }
        : { state: 'ok', latency_ms: Math.round(performance.now() - began) };
    },
  };
}

/** Begun anew when there are too many: each is learnt again by one answer. */
function someOwners(): Cache['owners'] {
  const owners = new Map<string, number>();
  return {
    get: (session) => owners.get(session),
    set(session, user_id) {
      if (owners.size >= MOST_OWNERS) owners.clear();
      return owners.set(session, user_id);
    },
  };
}
