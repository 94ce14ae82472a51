import { sql } from 'drizzle-orm';
import { deleteWaysIn } from '../../db/credentials.ts';
import { isViolationOf } from '../../db/errors.ts';
import { countUse } from '../../db/rate-counters.ts';
import { addSocialAccount, findIdentity, type Holder } from '../../db/social-accounts.ts';
import { addUser, updateUser } from '../../db/users.ts';
import type { SocialSignIn } from '../../domain/account.ts';
import { AppError } from '../../domain/errors.ts';
import type { Identity, IdentityProvider } from '../../domain/identity.ts';
import { NO_PASSWORD, usernamesFrom } from '../../domain/user.ts';
import { isConflict, onceMore } from '../once-more.ts';
import type { Asking } from '../ports.ts';
import { span } from '../span.ts';
import { trip } from '../trip.ts';
import { allow, LOGINS_PER_ADDRESS, perAddress } from './limits.ts';
import { signIn } from './sign-in.ts';

/** What two first sign-ins at once break; the second then finds what the first has made. */
const ONCE = ['auth_user_email_key', 'auth_user_username_key', 'user_socialaccount_subject_key'];
const isRace = (error: unknown): boolean => isConflict(error) || ONCE.some((name) => isViolationOf(name, error));

/** Signs in whoever an identity token is about. The first time it finds their account by its address, or makes one. */
export async function signInWith(ctx: Asking, provider: IdentityProvider, input: SocialSignIn) {
  const nonce = input.nonce ?? undefined;
  const identity = await span(ctx, provider, () =>
    ctx.verifyIdentity(provider, input.identity_token, { now: ctx.now(), nonce }),
  );
  return await onceMore(() => once(ctx, identity, input), isRace);
}

async function once(ctx: Asking, identity: Identity, input: SocialSignIn) {
  const { db } = ctx;
  const address = identity.email_verified ? identity.email : null;
  const [counted, answer] = await trip(ctx, [
    countUse(db, perAddress(LOGINS_PER_ADDRESS, ctx.address)),
    findIdentity(db, { ...identity, email: address }, address === null ? [] : usernamesFrom(address)),
  ]);
  const limit = allow(LOGINS_PER_ADDRESS, counted.rows[0]?.found);
  const { linked = null, addressed = null, username = null } = answer.rows[0]?.found ?? {};

  const { device_name } = input;
  const holder = linked ?? addressed;
  if (holder?.is_deleted) throw new AppError('invalid_credentials', 'This account was deleted.');
  if (linked) {
    return {
      status: 200,
      body: await signIn(ctx, { user: linked, type: 'user.signed_in', device_name }),
      limit,
    } as const;
  }
  if (addressed) {
    const changes = link(ctx, addressed, identity);
    const body = await signIn(ctx, { user: addressed, type: 'user.identity_linked', device_name, changes });
    return { status: 200, body, limit } as const;
  }
  if (address === null || username === null) {
    throw new AppError('identity_without_email', 'This identity has no verified e-mail address. Register with one.');
  }
  const changes = [addUser(db, newUser(identity, input, address, username)), addSocialAccount(db, identity)];
  const body = await signIn(ctx, { user: null, type: 'user.registered', device_name, changes });
  return { status: 201, body, limit } as const;
}

/**
 * The token proves whose the address is. Somebody may have registered with it who never proved it: then the account passes
 * to its owner, and nothing that opened it before does so any more.
 */
const link = ({ db }: Asking, { user_id, is_verified }: Holder, identity: Identity) => [
  ...(is_verified
    ? []
    : [...deleteWaysIn(db, user_id), updateUser(db, user_id, { password_hash: NO_PASSWORD, is_verified: true })]),
  addSocialAccount(db, identity),
];

const newUser = (identity: Identity, input: SocialSignIn, email: string, username: string) => ({
  id: sql`hd_me()`,
  username,
  email,
  password_hash: NO_PASSWORD,
  is_verified: true,
  first_name: input.first_name ?? identity.first_name ?? '',
  last_name: input.last_name ?? identity.last_name ?? '',
});
