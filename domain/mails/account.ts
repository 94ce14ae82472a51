import type { Letter } from '../mail.ts';
import { english } from './english.ts';
import { letter, type Wording } from './letter.ts';

/** Another language is another object that says all that `english` says. */
const WORDS = { en: english };
export type Language = keyof typeof WORDS;

const inTheirLanguage =
  <Data>(say: (words: typeof english) => (data: Data) => Wording) =>
  (data: Data, language: Language = 'en'): Letter => {
    const words = WORDS[language];
    return letter(words, say(words)(data));
  };

/** To an address that somebody registered with. */
export const verifyEmail = inTheirLanguage((words) => words.verifyEmail);
export const resetPassword = inTheirLanguage((words) => words.resetPassword);
/** To the new address, which is not the account's yet. */
export const confirmNewEmail = inTheirLanguage((words) => words.confirmNewEmail);
/** To the old address. */
export const emailChanged = inTheirLanguage((words) => words.emailChanged);
export const passwordChanged = inTheirLanguage((words) => words.passwordChanged);
/** `erased_on` is the civil date on which it can no longer be restored. */
export const accountDeleted = inTheirLanguage((words) => words.accountDeleted);
export const signInLinked = inTheirLanguage((words) => words.signInLinked);
