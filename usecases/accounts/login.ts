import { addSource, countUse, findSources } from '../../db/rate-counters.ts';
import { findUserByName, updateUser } from '../../db/users.ts';
import { AppError } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';
import type { Login } from '../../domain/user.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import {
  FAILING_ADDRESSES_PER_ACCOUNT,
  LOGINS_PER_ADDRESS,
  perAccount,
  perAddress,
  tooMany,
  within,
} from './limits.ts';
import { signIn } from './sign-in.ts';

/** Makes one more session. A name that nobody has takes the same two trips and the same hash as a wrong password. */
export async function login(ctx: Asking, { username, email, password, device_name }: Login) {
  const { db, passwords, address } = ctx;
  const name = email ?? username ?? '';
  const [account, source] = await Promise.all([perAccount(name), sha256(address)]);
  const { window_s } = FAILING_ADDRESSES_PER_ACCOUNT;
  const [counted, failing, named] = await trip(ctx, [
    countUse(db, perAddress(LOGINS_PER_ADDRESS, address), LOGINS_PER_ADDRESS.window_s),
    findSources(db, account, window_s),
    findUserByName(db, name, address),
  ]);
  const count = counted.rows[0]?.found;
  if (count && count.count > LOGINS_PER_ADDRESS.quota) throw tooMany(LOGINS_PER_ADDRESS, count);

  const user = named.rows[0]?.found;
  const sources = failing.rows[0]?.found.sources ?? [];
  const isStrange = !sources.includes(source) && !user?.knows_address;
  if (isStrange && sources.length >= FAILING_ADDRESSES_PER_ACCOUNT.quota) {
    throw tooMany(FAILING_ADDRESSES_PER_ACCOUNT, { count: sources.length, reset_s: window_s });
  }

  const { ok, needs_rehash } = await passwords.verify(password, user?.password_hash ?? null);
  if (!user || !ok) {
    await trip(ctx, [addSource(db, account, window_s, source)]);
    throw new AppError('invalid_credentials', 'The name or the password is wrong.');
  }
  const changes = needs_rehash ? [updateUser(db, user.user_id, { password_hash: await passwords.hash(password) })] : [];
  const body = await signIn(ctx, { user_id: user.user_id, device_name: device_name ?? null, changes, is_new: false });
  return { body, limit: within(LOGINS_PER_ADDRESS, count) };
}
