import { sql } from 'drizzle-orm';
import { countUse } from '../../db/rate-counters.ts';
import { addUser, findUsersLike } from '../../db/users.ts';
import { AppError } from '../../domain/errors.ts';
import type { Registration } from '../../domain/user.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import { perAddress, REGISTRATIONS_PER_ADDRESS, tooMany, within } from './limits.ts';
import { NEW_USER, signIn } from './sign-in.ts';

/** Makes an account and its first session. The same registration sent again within ten minutes is answered like the first. */
export async function register(ctx: Asking, { password, ...profile }: Registration) {
  const { db, passwords } = ctx;
  const limit = REGISTRATIONS_PER_ADDRESS;
  const [counted, like] = await trip(ctx, [
    countUse(db, perAddress(limit, ctx.address), limit.window_s),
    findUsersLike(db, profile.username, profile.email),
  ]);
  const count = counted.rows[0]?.found;
  if (count && count.count > limit.quota) throw tooMany(limit, count);

  const others = like.rows.map(({ found }) => found);
  const [twin] = others.filter(
    (other) => other.is_recent && isSame(other.email, profile.email) && isSame(other.username, profile.username),
  );
  if (twin && (await passwords.verify(password, twin.password_hash)).ok) {
    const body = await signIn(ctx, { user_id: twin.user_id, device_name: null, changes: [], is_new: false });
    return { body, limit: within(limit, count) };
  }
  if (others.some(({ email }) => isSame(email, profile.email))) {
    throw new AppError('email_taken', 'There is an account with that e-mail address.');
  }
  if (others.length > 0) throw new AppError('username_taken', 'That username is taken.');

  const user = { ...profile, id: sql`hd_me()`, password_hash: await passwords.hash(password) };
  const body = await signIn(ctx, { user_id: NEW_USER, device_name: null, changes: [addUser(db, user)], is_new: true });
  return { body, limit: within(limit, count) };
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
