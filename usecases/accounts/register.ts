import { sql } from 'drizzle-orm';
import { addCode } from '../../db/new-codes.ts';
import { countUse } from '../../db/rate-counters.ts';
import { addUser, findUsersLike } from '../../db/users.ts';
import { AppError } from '../../domain/errors.ts';
import { type Registration, usableHash } from '../../domain/user.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import { allow, perAddress, REGISTRATIONS_PER_ADDRESS } from './limits.ts';
import { signIn } from './sign-in.ts';

/** Makes an account and its first session. The same registration sent again within ten minutes is answered like the first. */
export async function register(ctx: Asking, { password, ...profile }: Registration) {
  const { db, passwords } = ctx;
  const [counted, like] = await trip(ctx, [
    countUse(db, perAddress(REGISTRATIONS_PER_ADDRESS, ctx.address)),
    findUsersLike(db, profile.username, profile.email),
  ]);
  const limit = allow(REGISTRATIONS_PER_ADDRESS, counted.rows[0]?.found);

  const others = like.rows.map(({ found }) => found);
  const [twin] = others.filter(
    (other) => other.is_recent && isSame(other.email, profile.email) && isSame(other.username, profile.username),
  );
  if (twin && (await passwords.verify(password, usableHash(twin.password_hash))).ok) {
    return { body: await signIn(ctx, { user: twin, type: 'user.signed_in' }), limit };
  }
  if (others.some(({ email }) => isSame(email, profile.email))) {
    throw new AppError('email_taken', 'There is an account with that e-mail address.');
  }
  if (others.length > 0) throw new AppError('username_taken', 'That username is taken.');

  const user = { ...profile, id: sql`hd_me()`, password_hash: await passwords.hash(password) };
  const changes = [addUser(db, user), addCode(db, 'verify_email', crypto.randomUUID(), profile.email)];
  return { body: await signIn(ctx, { user: null, type: 'user.registered', changes }), limit };
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
