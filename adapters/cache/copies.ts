import * as z from 'zod';
import { COPY_MAX_AGE_S, type Copies, SESSION_TRUSTED_S } from '../../domain/cache.ts';
import { jsonText } from '../json-text.ts';
import type { Client } from './client.ts';
import { newOwed } from './owed.ts';

const MAX_COPIES = 32;
const MAX_BODY_CHARACTERS = 256 * 1024;
/** Longer than a request that saw a session valid can still be on its way. */
const ENDED_S = 2 * SESSION_TRUSTED_S;

// When a copy was read comes first in it, and such moments sort as text.
const KEEP = `
local since = redis.call('HGET', KEYS[1], 'since')
if since and since >= ARGV[2] then return 0 end
local before = redis.call('HGET', KEYS[1], 'c:' .. ARGV[1])
if before and string.sub(before, 1, #ARGV[2]) >= ARGV[2] then return 0 end
if not before and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], 'c:' .. ARGV[1], ARGV[2] .. ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1`;
const FORGET = `
for _, key in ipairs(KEYS) do
  redis.call('DEL', key)
  redis.call('HSET', key, 'since', ARGV[1])
  redis.call('EXPIRE', key, ARGV[2])
end
return 1`;
// An ended session stays, as nobody's, so that whoever saw it before it ended does not bring it back.
const SAW = `
if redis.call('GET', KEYS[1]) == 'ended' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`;
const END = `
for _, key in ipairs(KEYS) do redis.call('SET', key, 'ended', 'EX', ARGV[1]) end
return 1`;
const FIND = `
local user = redis.call('GET', KEYS[1])
if not user or user == 'ended' then return false end
return { user, redis.call('HGET', 'copy:' .. user, 'c:' .. ARGV[1]) }`;

const Found = z.tuple([z.coerce.number().int(), z.string()]);
const Rest = jsonText.pipe(z.object({ etag: z.string(), body: z.string() }));
const MOMENT_LENGTH = '2026-01-01T00:00:00.000Z'.length;
const keyOf = (user_id: number): string => `copy:${user_id}`;
const sessionKey = (session: string): string => `session:${session}`;

export function cachedCopies({ run }: Client, now: () => number = Date.now): Copies {
  const owed = newOwed(SESSION_TRUSTED_S * 1000, now);

  return {
    async keep(user_id, name, { body, etag, read_at }) {
      if (body.length > MAX_BODY_CHARACTERS) return;
      const rest = JSON.stringify({ etag, body });
      await run(KEEP, [keyOf(user_id)], [name, moment(read_at), rest, MAX_COPIES, COPY_MAX_AGE_S]);
    },
    async saw(session, user_id) {
      if (!owed.has(sessionKey(session))) await run(SAW, [sessionKey(session)], [user_id, SESSION_TRUSTED_S]);
    },
    async find(session, name) {
      const key = sessionKey(session);
      if (owed.has(key)) return null;
      const found = Found.safeParse(await run(FIND, [key], [name]));
      if (!found.success || owed.has(key)) return null;
      const [user_id, text] = found.data;
      const read_at = text.slice(0, MOMENT_LENGTH);
      const rest = Rest.safeParse(text.slice(MOMENT_LENGTH));
      if (!rest.success || now() - Date.parse(read_at) > COPY_MAX_AGE_S * 1000) return null;
      return { user_id, read_at, ...rest.data };
    },
    async end(sessions) {
      if (sessions.length === 0) return true;
      const keys = sessions.map(sessionKey);
      owed.add(keys);
      if ((await run(END, keys, [ENDED_S])) === undefined) return false;
      owed.settle(keys);
      return true;
    },
    async forget(user_ids, at) {
      if (user_ids.length === 0) return true;
      return (await run(FORGET, user_ids.map(keyOf), [moment(at), COPY_MAX_AGE_S])) !== undefined;
    },
  };
}

/** Of one length, to be compared as text. */
const moment = (text: string): string => new Date(text).toISOString();
