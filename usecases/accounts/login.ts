import { countAttempt, giveBack } from '../../db/rate-counters.ts';
import { findUserByName, updateUser } from '../../db/users.ts';
import { AppError } from '../../domain/errors.ts';
import { type Login, usableHash } from '../../domain/user.ts';
import { onceMore } from '../once-more.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import { admitAttempt, attemptAt, LOGINS_PER_ADDRESS } from './limits.ts';
import { signIn } from './sign-in.ts';

/** Makes one more session. Whoever is refused took the same trip and the same hash, be there an account or not. */
export const login = (ctx: Asking, input: Login) => onceMore(() => once(ctx, input));

async function once(ctx: Asking, { username, email, password, device_name }: Login) {
  const { db, passwords, address } = ctx;
  const name = email ?? username ?? '';
  const attempt = attemptAt(LOGINS_PER_ADDRESS, name, address);
  const [counted, named] = await trip(ctx, [countAttempt(db, attempt), findUserByName(db, name, address)]);
  const user = named.rows[0]?.found;
  const limit = admitAttempt(LOGINS_PER_ADDRESS, counted.rows[0]?.found, user?.knows_address ?? false);

  const { ok, needs_rehash } = await passwords.verify(password, user ? usableHash(user.password_hash) : null);
  if (!user || !ok) throw new AppError('invalid_credentials', 'The name or the password is wrong.');
  const rehash = async () => [updateUser(db, user.user_id, { password_hash: await passwords.hash(password) })];
  const changes = [giveBack(db, attempt), ...(needs_rehash ? await rehash() : [])];
  return { body: await signIn(ctx, { user, type: 'user.signed_in', device_name, changes }), limit };
}
