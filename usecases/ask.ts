import type { Answered } from '../db/answer.ts';
import type { statement } from '../db/client.ts';
import { findSession, touchSession } from '../db/sessions.ts';
import { AppError } from '../domain/errors.ts';
import type { Context } from './ports.ts';
import { trip } from './trip.ts';

export type Query<Row extends Record<string, unknown>> = ReturnType<typeof statement<Row>>;

export const nothingHere = () => new AppError('not_found', 'There is nothing here.');

/** The one door for reads: the session and the queries in one round trip. Answers the first row of each. */
export async function ask<Rows extends Record<string, unknown>[]>(
  ctx: Context,
  ...queries: { [I in keyof Rows]: Query<Rows[I]> }
): Promise<{ [I in keyof Rows]: Rows[I] | undefined }> {
  const [session, ...answers] = await trip(ctx, [findSession(ctx.db, ctx.who, ctx.app_version), ...queries]);
  const found = session.rows[0]?.found;
  if (!found) throw new AppError('unauthenticated', 'Sign in first.');
  ctx.session.user_id = found.user_id;
  if (found.is_due_for_touch) ctx.defer(touchSession(ctx.db, ctx.who));
  return answers.map(({ rows }) => rows[0]) as { [I in keyof Rows]: Rows[I] | undefined };
}

/** A read whose body Postgres made; nothing found is not found. */
export async function read(ctx: Context, query: Query<Answered>): Promise<Answered> {
  const [answered] = await ask<[Answered]>(ctx, query);
  if (!answered) throw nothingHere();
  return answered;
}
