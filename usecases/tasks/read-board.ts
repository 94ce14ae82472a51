import type { Answered } from '../../db/answer.ts';
import { type BoardQuery, readBoard } from '../../db/board.ts';
import { readUnlessKept, type StampedBoard } from '../../db/kept-board.ts';
import type { Cache } from '../../domain/cache.ts';
import { ask, nothingHere, read } from '../ask.ts';
import type { Context } from '../ports.ts';

/** A board as it is kept: it is good for as long as the database answers its stamp. */
type Kept = { stamp: string; etag: string; body: string };

/**
 * The board in one round trip. Where Redis is near it keeps the body: the trip asks for the session as always, and whether
 * anything has moved that the board is made of. So nothing is ever served that a write has made old, whoever wrote it.
 */
export async function readMyBoard(ctx: Context, query: BoardQuery): Promise<Answered> {
  const { db, who, known, cache } = ctx;
  return cache?.is_near ? await readKept(ctx, cache, query) : await read(ctx, readBoard(db, who, query, known));
}

async function readKept(ctx: Context, cache: Cache, query: BoardQuery): Promise<Answered> {
  const { db, who, known, meter } = ctx;
  const name = nameOf(ctx, query);
  const { kept, epoch } = await findKept(ctx, cache, name);
  const [found] = await ask<[StampedBoard]>(ctx, readUnlessKept(db, who, query, kept?.stamp ?? null));
  const fresh = kept?.stamp === found?.stamp ? kept : toKept(found);
  if (!fresh) throw nothingHere();
  meter.cache = fresh === kept ? 'hit' : 'miss';
  const { user_id } = ctx.session;
  if (user_id !== null) cache.owners.set(who.digest, user_id);
  if (fresh !== kept && user_id !== null && epoch !== null) {
    ctx.defer(cache.boards.fill(user_id, name, { epoch, body: toText(fresh) }));
  }
  const isKnown = known.includes('*') || known.includes(fresh.etag);
  return { etag: fresh.etag, body: isKnown ? null : fresh.body };
}

/** Who asks for the first time is asked of the database alone: only it knows whose the session is. */
async function findKept({ who, meter }: Context, cache: Cache, name: string) {
  const user_id = cache.owners.get(who.digest);
  if (user_id === undefined) return { kept: null, epoch: null };
  const started = performance.now();
  const { body, epoch } = await cache.boards.find(user_id, name);
  meter.cache_ms = (meter.cache_ms ?? 0) + performance.now() - started;
  return { kept: body === null ? null : fromText(body), epoch };
}

/** What the stamp does not say: which board, in whose zone if the caller named one, and the release that made it. */
const nameOf = ({ who, settings }: Context, { days, columns, residence_id }: BoardQuery): string =>
  JSON.stringify([settings.release, days, columns.length, residence_id, who.zone]);

const toKept = (found: StampedBoard | undefined): Kept | null =>
  found && found.body !== null && found.etag !== null
    ? { stamp: found.stamp, etag: found.etag, body: found.body }
    : null;

/** Neither a stamp nor a validator has a line break in it. */
const toText = ({ stamp, etag, body }: Kept): string => `${stamp}\n${etag}\n${body}`;

function fromText(text: string): Kept | null {
  const [, stamp, etag, body] = /^(\w+)\n(".*")\n([\s\S]+)$/.exec(text) ?? [];
  return stamp && etag && body ? { stamp, etag, body } : null;
}
