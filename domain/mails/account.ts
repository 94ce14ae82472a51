import { inTheirLanguage } from './language.ts';

export type { Language } from './language.ts';

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
