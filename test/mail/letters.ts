import * as account from '../../domain/mails/account.ts';

type Data = { code: string; username: string };

const DAY = { erased_on: '2026-04-06' };

/** Every mail that carries a code. */
export const withCode = ({ code }: Data) => ({
  'verify e-mail': account.verifyEmail({ code, minutes: 10 }),
  'reset password': account.resetPassword({ code, minutes: 10 }),
  'confirm new e-mail': account.confirmNewEmail({ code, minutes: 10 }),
});

/** Every mail that names an account. */
const withName = ({ username }: Data) => ({
  'e-mail changed': account.emailChanged({ username }),
  'password changed': account.passwordChanged({ username }),
  'account deleted': account.accountDeleted({ username, ...DAY }),
  'Apple linked': account.signInLinked({ username, provider: 'apple' }),
  'Google linked': account.signInLinked({ username, provider: 'google' }),
});

export const letters = (data: Data) => Object.entries({ ...withCode(data), ...withName(data) });
