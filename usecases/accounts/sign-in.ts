import { sql } from 'drizzle-orm';
import type { Statement } from '../../db/client.ts';
import { actAs, enterAnonymously, expectUnmoved } from '../../db/guard.ts';
import { addEvent } from '../../db/outbox.ts';
import { addSession } from '../../db/sessions.ts';
import { signedInUser } from '../../db/users.ts';
import { newToken, sha256 } from '../../domain/session.ts';
import { write } from '../commit.ts';
import type { Asking } from '../ports.ts';

type SignIn = {
  /** As the decision saw the row: a session never outlives the password that it was made with. Null: there is no row yet. */
  user: { user_id: number; row_version: number } | null;
  type: 'user.registered' | 'user.signed_in' | 'user.identity_linked';
  device_name?: string | null | undefined;
  changes?: Statement[];
};

/** A new user's id is drawn before the row is written, so that the audit log names them as the one who did it. */
const NEW_USER = sql`nextval('auth_user_id_seq')`;

/** Makes a session in the same batch as the changes around it. The token exists in this answer and nowhere else. */
export async function signIn(ctx: Asking, { user, type, device_name = null, changes = [] }: SignIn): Promise<string> {
  const { db, address, user_agent } = ctx;
  const token = newToken();
  const session = { digest: sha256(token), device_name, address, user_agent };
  const { body } = await write(ctx, enterAnonymously(db, ctx), [
    actAs(db, user?.user_id ?? NEW_USER),
    ...(user ? [expectUnmoved(db, { table: 'auth_user', id: user.user_id, row_version: user.row_version })] : []),
    ...changes,
    addSession(db, session),
    addEvent(db, { type, user_id: sql`hd_me()` }, ctx),
    signedInUser(db),
  ]);
  return `{"token":${JSON.stringify(token)},"user":${body}}`;
}
