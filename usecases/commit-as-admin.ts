import type { SQL } from 'drizzle-orm';
import { answered } from '../db/admin/answered.ts';
import type { Answered } from '../db/answer.ts';
import { type Statement, statement } from '../db/client.ts';
import { addEvent, type EventDraft } from '../db/outbox.ts';
import type { Bell } from '../domain/event.ts';
import { nothingHere } from './ask.ts';
import type { Written } from './commit.ts';
import { type AdminContext, enterAdmin } from './enter-admin.ts';
import { isConflict, onceMore } from './once-more.ts';

type AdminChange = {
  changes: Statement[];
  /** Where somebody besides the admin has to hear of it. */
  event?: EventDraft;
  status: Written['status'];
  /** Selects the answer as `json` after the changes; no row means that there was nothing to change. */
  answer?: SQL;
  /** It destroys: password and code must have been shown in the last minutes. */
  is_grave?: boolean;
  /** It concerns the caller alone, so that support may. */
  is_own?: boolean;
};

/** The one door for what admins write: the guard, the changes, their event and the answer in one round trip, all or nothing. */
export const commitAsAdmin = (ctx: AdminContext, change: AdminChange): Promise<Written> =>
  onceMore(() => once(ctx, change), isConflict);

async function once(ctx: AdminContext, change: AdminChange): Promise<Written> {
  const { db } = ctx;
  const { changes, event, status, answer, is_grave = false, is_own = false } = change;
  const rows = await enterAdmin(ctx, { is_write: !is_own, is_grave }, [
    ...changes,
    ...(event ? [addEvent(db, event, ctx)] : []),
    ...(answer ? [statement<Answered>(db, answered(answer))] : []),
  ]);
  if (event) ctx.defer(ctx.ring((rows[changes.length] as { bell: Bell }[]).map(({ bell }) => bell)));
  if (!answer) return { status, body: null, etag: null, is_replay: false };
  const [made] = rows.at(-1) as Answered[];
  if (!made) throw nothingHere();
  return { status, body: made.body, etag: null, is_replay: false };
}
