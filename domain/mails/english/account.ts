import type { IdentityProvider } from '../../identity.ts';
import type { Wording } from '../letter.ts';
import { inWords } from './phrases.ts';

/**
 * A mail with a code may reach an address that nobody has proven to be theirs, so it says nothing that a stranger could
 * have written: not even a name.
 */
export const account = {
  verifyEmail: ({ code, minutes }: Code): Wording => ({
    subject: `${code} is your honeyDue code`,
    heading: 'Confirm your address',
    body: [
      'Enter this code in the app:',
      { code },
      `It works once, within ${minutes} minutes.`,
      'You did not sign up for honeyDue? Then somebody mistyped an address. Ignore this mail and nothing will happen.',
    ],
  }),

  resetPassword: ({ code, minutes }: Code): Wording => ({
    subject: `${code} resets your honeyDue password`,
    heading: 'Choose a new password',
    body: [
      'Enter this code in the app, then choose your new password:',
      { code },
      `It works once, within ${minutes} minutes. Give it to nobody: we never ask for it.`,
      'You did not ask for it? Ignore this mail and your password stays as it is.',
    ],
  }),

  confirmNewEmail: ({ code, minutes }: Code): Wording => ({
    subject: `${code} confirms your new e-mail address`,
    heading: 'Confirm your new e-mail address',
    body: [
      'Enter this code in the app and your honeyDue account moves to this address:',
      { code },
      `It works once, within ${minutes} minutes.`,
      'You did not ask for it? Ignore this mail and nothing will change.',
    ],
  }),

  emailChanged: ({ username }: Account): Wording => ({
    subject: 'Your honeyDue account has a new e-mail address',
    heading: 'Your e-mail address was changed',
    body: [
      `The honeyDue account “${username}” now has another e-mail address. From now on we write to that one.`,
      'It was not you? Reply to this mail at once.',
    ],
  }),

  passwordChanged: ({ username }: Account): Wording => ({
    subject: 'Your honeyDue password was changed',
    heading: 'Your password was changed',
    body: [
      `The honeyDue account “${username}” has a new password, and every other device was signed out.`,
      'It was not you? Choose “Forgot password” in the app, set a new one, and reply to this mail.',
    ],
  }),

  accountDeleted: ({ username, erased_on }: Account & { erased_on: string }): Wording => ({
    subject: 'Your honeyDue account was deleted',
    heading: 'Your account was deleted',
    body: [
      `Nobody can sign in to the honeyDue account “${username}” any more.`,
      `On ${inWords(erased_on)} everything in it is erased for good, photos and documents included.`,
      'You want it back, or it was not you? Reply to this mail before that day and we restore it as it was.',
    ],
  }),

  signInLinked: ({ username, provider }: Account & { provider: IdentityProvider }): Wording => ({
    subject: `${PROVIDERS[provider]} can now sign in to your honeyDue account`,
    heading: `Sign in with ${PROVIDERS[provider]} was linked`,
    body: [
      `You can now sign in to the honeyDue account “${username}” with ${PROVIDERS[provider]}.`,
      'It was not you? Change your password in the app and reply to this mail.',
    ],
  }),
};

type Code = { code: string; minutes: number };
type Account = { username: string };

const PROVIDERS: Record<IdentityProvider, string> = { apple: 'Apple', google: 'Google' };
