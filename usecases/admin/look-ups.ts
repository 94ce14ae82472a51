import { answered } from '../../db/admin/answered.ts';
import { addLookUp, deleteLookUp, newestLookUp, oneLookUp, updateLookUp } from '../../db/admin/look-ups.ts';
import { statement } from '../../db/client.ts';
import type { LookUpChange, LookUpKind, NewLookUp } from '../../domain/admin/look-up.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { nothingHere } from '../ask.ts';
import type { Written } from '../commit.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import { type AdminContext, enterAdmin } from '../enter-admin.ts';

export async function makeLookUp(ctx: AdminContext, kind: LookUpKind, input: NewLookUp): Promise<Written> {
  if (kind === 'task-frequencies') throw ofTheRelease();
  const changes = [addLookUp(ctx.db, kind, input)];
  return forgetting(ctx, await commitAsAdmin(ctx, { changes, status: 201, answer: newestLookUp(kind) }));
}

export async function editLookUp(
  ctx: AdminContext,
  kind: LookUpKind,
  id: number,
  change: LookUpChange,
): Promise<Written> {
  if (change.interval !== undefined || change.unit !== undefined) throw ofTheRelease();
  const changes = [updateLookUp(ctx.db, kind, id, change)];
  return forgetting(ctx, await commitAsAdmin(ctx, { changes, status: 200, answer: oneLookUp(kind, id) }));
}

/** The rules of recurrence know the frequencies by id (domain/task.ts): what one means comes with a release. */
const ofTheRelease = () => invalid('interval', 'How often a task comes back is decided by a release.');

/** Who asks here next is told of the change; other isolates follow within a minute. */
function forgetting(ctx: AdminContext, done: Written): Written {
  ctx.static_data.made = null;
  return done;
}

/** Only what nothing uses. */
export async function removeLookUp(ctx: AdminContext, kind: LookUpKind, id: number): Promise<Written> {
  const { db } = ctx;
  const [deleted, left] = await enterAdmin(ctx, { is_write: true, is_grave: true }, [
    deleteLookUp(db, kind, id),
    statement(db, answered(oneLookUp(kind, id))),
  ]);
  if (deleted?.length === 1) return forgetting(ctx, { status: 204, body: null, etag: null, is_replay: false });
  if (left?.length === 0) throw nothingHere();
  throw new AppError('in_use', 'Something uses it still.');
}
