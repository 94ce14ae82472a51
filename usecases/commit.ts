import { type SQL, sql } from 'drizzle-orm';
import type { Answered } from '../db/answer.ts';
import { type Statement, statement } from '../db/client.ts';
import { isViolationOf } from '../db/errors.ts';
import { admit, type Expected, enter, expectUnmoved, type Guard } from '../db/guard.ts';
import { claimKey, findStored, keepAnswer, type Stored } from '../db/idempotency.ts';
import { addEvent, type EventDraft } from '../db/outbox.ts';
import { AppError } from '../domain/errors.ts';
import type { Bell } from '../domain/event.ts';
import { ask } from './ask.ts';
import type { Asking, Context } from './ports.ts';
import { trip } from './trip.ts';

/** What a write came to. `body` is JSON text, null for 204. */
export type Written = { status: 200 | 201 | 202 | 204; body: string | null; etag: string | null; is_replay: boolean };

export type Change = {
  guard: Guard;
  /** The row that the decision was made on. */
  expected?: Expected;
  changes: Statement[];
  event: EventDraft;
  status: Written['status'];
  /** Selects the answer, as `body` and `etag`, after the changes; absent for 204. */
  answer?: SQL;
};

export const NO_ANSWER = sql`select null::text as body, null::text as etag`;

/**
 * The one door for writes of signed-in users: guard, idempotency claim, changes, event and answer in one round trip, all
 * or nothing. Audit, versions and the change log are the database's own triggers. A key that was used before costs one
 * more trip, and answers what it answered then.
 */
export async function commit(ctx: Context, change: Change): Promise<Written> {
  const { db, key, settings } = ctx;
  const { guard, expected, changes, event, status, answer = NO_ANSWER } = change;
  try {
    const { body, etag } = await write(ctx, enter(db, ctx.who, ctx, guard, settings.verified_only), [
      ...(expected ? [expectUnmoved(db, expected)] : []),
      ...(key ? [claimKey(db, key)] : []),
      ...changes,
      addEvent(db, event, ctx),
      key ? keepAnswer(db, key, status, answer) : statement<Answered>(db, answer),
    ]);
    return { status, body, etag, is_replay: false };
  } catch (error) {
    if (!key || !isViolationOf('idempotency_key_pkey', error)) throw error;
    const [found] = await ask<[{ found: Stored }]>(ctx, findStored(db, ctx.who, key));
    if (!found) throw error;
    return replay(ctx, found.found);
  }
}

/** Sends a write whose last two statements add the event and make the answer; rings for the event after the answer. */
export async function write(
  ctx: Asking & Partial<Pick<Context, 'session'>>,
  first: Statement,
  rest: Statement[],
): Promise<Answered> {
  const results = await trip(ctx, [admit(ctx.db, ctx.app_version, true), first, ...rest]);
  const [, entered] = results as { rows?: { hd_enter?: string | number }[] }[];
  const user_id = entered?.rows?.[0]?.hd_enter;
  if (ctx.session && user_id !== undefined) ctx.session.user_id = Number(user_id);
  const [added, answered] = results.slice(-2) as [{ rows: { bell: Bell }[] }, { rows: Answered[] }];
  ctx.defer(ctx.ring(added.rows.map(({ bell }) => bell)));
  const [answer] = answered.rows;
  if (!answer) throw new Error('A write made no answer.');
  return answer;
}

/** The stored answer, if the request is the one that it was given to. */
export function replay(ctx: Context, { fingerprint, status, result, etag }: Stored): Written {
  if (fingerprint !== ctx.key?.fingerprint) {
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
  }
  return { status: status as Written['status'], body: result, etag, is_replay: true };
}
