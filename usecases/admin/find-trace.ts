import { findTraced } from '../../db/traces.ts';
import type { Observatory } from '../../domain/observatory.ts';
import type { Traced } from '../../domain/trace.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';
import { findTrace } from '../trace/find.ts';

/** Whatever is kept of a request, by its id or its trace's. Nobody outside is asked for somebody who is not signed in. */
export const findTraceAsAdmin = (
  ctx: AdminContext,
  observatory: Observatory | undefined,
  id: string,
): Promise<Traced> =>
  findTrace(
    {
      observatory: observatory ?? {},
      rows: async (ids) => (await askAsAdmin(ctx, findTraced(ctx.db, ids))).found,
      log: ctx.log,
      now: ctx.now,
    },
    id,
  );
