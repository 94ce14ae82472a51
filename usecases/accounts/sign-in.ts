import { sql } from 'drizzle-orm';
import type { Statement } from '../../db/client.ts';
import { actAs, enterAnonymously } from '../../db/guard.ts';
import { addEvent } from '../../db/outbox.ts';
import { addSession } from '../../db/sessions.ts';
import { signedInUser } from '../../db/users.ts';
import { newToken, sha256 } from '../../domain/session.ts';
import { write } from '../commit.ts';
import type { Asking } from '../ports.ts';

/** A new user's id is drawn before the row is written, so that the audit log names them as the one who did it. */
export const NEW_USER = sql`nextval('auth_user_id_seq')`;

type SignIn = { user_id: number | typeof NEW_USER; device_name: string | null; changes: Statement[]; is_new: boolean };

/** Makes a session in the same batch as the changes around it. The token exists in this answer and nowhere else. */
export async function signIn(ctx: Asking, { user_id, device_name, changes, is_new }: SignIn): Promise<string> {
  const { db, address, user_agent } = ctx;
  const token = newToken();
  const session = { digest: await sha256(token), device_name, address, user_agent };
  const type = is_new ? 'user.registered' : 'user.signed_in';
  const { body } = await write(ctx, enterAnonymously(db, ctx), [
    actAs(db, user_id),
    ...changes,
    addSession(db, session),
    addEvent(db, { type, user_id: sql`hd_me()` }, ctx),
    signedInUser(db),
  ]);
  return `{"token":${JSON.stringify(token)},"user":${body}}`;
}
