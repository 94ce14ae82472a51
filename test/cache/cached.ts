import { redisCache } from '../../adapters/cache.ts';
import { signal } from '../../dev/guarded.ts';
import { sha256 } from '../../domain/session.ts';
import { aStand } from '../gateway/stand.ts';
import type { Person, World } from '../home.ts';

export type Cached = Awaited<ReturnType<typeof withCache>>;

/** Gives a world a Redis of its own behind its gateway, and what a test needs to look into it and to trouble it. */
export async function withCache(world: World, settings: Record<string, string> = {}, deadline_ms = 2000) {
  const stand = await aStand(settings);
  const log = (event: string, fields = {}) => void world.logged.push({ event, ...fields });
  const options = { url: stand.url, token: stand.token, log, deadline_ms, half_open_after_ms: 200 };
  const cache = redisCache(options, () => Date.parse(world.ports.now()));
  world.ports.cache = cache;
  const pid = stand.redis?.pid ?? 0;

  async function ask<T>(...command: (string | number)[]): Promise<T> {
    const headers = { authorization: `Bearer ${stand.token}` };
    const answer = await fetch(stand.url, { method: 'POST', headers, body: JSON.stringify(command) });
    const { result, error } = (await answer.json()) as { result: T; error?: string };
    if (error) throw new Error(error);
    return result;
  }
  world.onClose(async () => {
    if (pid > 0) signal(pid, 'SIGCONT');
    await stand.stop();
  });
  return {
    cache,
    stand,
    ask,
    hang: () => void process.kill(pid, 'SIGSTOP'),
    wake: () => signal(pid, 'SIGCONT'),
    /** The boards that Redis keeps of somebody. */
    boardsOf: async ({ user_id }: Person) =>
      (await ask<string[]>('HKEYS', `board:${user_id}`)).filter((name) => name.startsWith('b:')),
    sessionOf: ({ token }: Person) => `session:${sha256(token)}`,
  };
}

/** What Redis had to do with an answer; undefined: it was not asked. */
export const keptIn = (headers: Headers): string | undefined =>
  /kept;desc="(\w+)"/.exec(headers.get('server-timing') ?? '')?.[1];
