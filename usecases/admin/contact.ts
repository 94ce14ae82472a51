import {
  addContactKey,
  addedContactKey,
  oneContactKey,
  oneContactMessage,
  revokeContactKey,
  setContactStatus,
} from '../../db/admin/contact.ts';
import { expectThere } from '../../db/admin/guard.ts';
import type { NewContactKey } from '../../domain/admin/contact.ts';
import { newToken, sha256 } from '../../domain/session.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

const HINT_LENGTH = 4;

/** Notes that a message was answered, or needs no answer. */
export const settleMessage = (ctx: AdminContext, id: number, status: 'answered' | 'closed') =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'contact_message', id), setContactStatus(ctx.db, id, status)],
    status: 200,
    answer: oneContactMessage(id),
  });

/** The key is in this answer and nowhere else. */
export async function makeContactKey(ctx: AdminContext, input: NewContactKey) {
  const key = newToken().replace('hd_', 'hdc_');
  return await commitAsAdmin(ctx, {
    changes: [addContactKey(ctx.db, input, sha256(key), key.slice(-HINT_LENGTH))],
    status: 201,
    answer: addedContactKey(key),
  });
}

export const endContactKey = (ctx: AdminContext, id: number) =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'contact_apikey', id), revokeContactKey(ctx.db, id)],
    status: 200,
    answer: oneContactKey(id),
  });
