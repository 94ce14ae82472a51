import { setTimeout as pause } from 'node:timers/promises';
import { parseEnvironment } from '../../origin/settings.ts';
import { newShift } from '../../origin/shift.ts';
import { wire } from '../../origin/wire.ts';
import { app } from '../../workers/app.ts';
import { appUrl } from '../database.ts';
import { B2, SES } from '../environment.ts';
import type { Stand } from '../gateway/stand.ts';
import type { World } from '../home.ts';
import type { Family, Send } from './redis-load.ts';

const BACK_MS = 20_000;

export type Origin = ReturnType<typeof originAt>;

/**
 * The origin as it is wired in the group, in this process: with its own deadline for Redis, breaker and counters. It sheds
 * no load, for clients, gateway and origin share one thread here.
 */
export function originAt(world: World, { url, token }: Stand, databasePort: number) {
  const database = new URL(appUrl(world.name));
  database.port = `${databasePort}`;
  const env = {
    ...SES,
    ...B2,
    DATABASE_URL: database.href,
    SIGNING_KEYS: 'a key for drills and for nothing else at all',
    PUBLIC_URL: 'https://api.example.com',
    VERIFIED_ONLY: 'false',
    CALLERS: 'anyone',
    REDIS_REST_URL: url,
    REDIS_REST_TOKEN: token,
  };
  const { portsFor, drained, neon } = wire(parseEnvironment(env), env, newShift(), {
    log: (event, fields = {}) => void world.logged.push({ event, ...fields }),
    telemetry: undefined,
  });
  const send: Send = async (method, path, by, input) => {
    const headers = { authorization: `Token ${by.token}`, 'content-type': 'application/json' };
    const body = input === undefined ? null : JSON.stringify(input);
    const { enter: _, ...ports } = portsFor(`198.51.100.${by.user_id % 250}`);
    return await app.request(path, { method, headers, body }, ports);
  };
  return {
    send,
    async isBack() {
      const end = performance.now() + BACK_MS;
      while ((await portsFor('-').cache?.check())?.state !== 'ok') {
        if (performance.now() > end) throw new Error('Redis did not come back.');
        await pause(100);
      }
    },
    async stop() {
      await drained();
      await neon.close();
    },
  };
}

export async function familiesOf(world: World, many: number): Promise<Family[]> {
  const families: Family[] = [];
  for (let n = 0; n < many; n += 1) families.push(await world.home());
  return families;
}
