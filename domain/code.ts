import * as z from 'zod';
import { hmac, isSameMac } from './hmac.ts';

/** What a code that was sent by e-mail is good for. */
export type CodePurpose = 'verify_email' | 'reset_password' | 'change_email';

export const CODE_MINUTES = 10;
export const MAX_CODE_TRIES = 5;
const DIGITS = 6;

export const Code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'Must be six digits.');

/** What is kept of a code. Its digits follow from this and a signing key; this alone gives none away. */
export type CodeSeed = { user_id: number; purpose: CodePurpose; nonce: string };

/** The six digits of a seed, the same each time. */
export async function codeOf({ purpose, user_id, nonce }: CodeSeed, signing_key: string): Promise<string> {
  const mac = await hmac(signing_key, `${purpose}|${user_id}|${nonce}`);
  const number = BigInt(`0x${mac}`) % 10n ** BigInt(DIGITS);
  return number.toString().padStart(DIGITS, '0');
}

/** Whether a code is the seed's, by any of the keys. No seed costs the same work as a wrong code. */
export async function isCodeOf(seed: CodeSeed | null, signing_keys: string[], code: string): Promise<boolean> {
  const compared = seed ?? { user_id: 0, purpose: 'verify_email', nonce: '' };
  let matches = 0;
  for (const key of signing_keys) matches += Number(isSameMac(await codeOf(compared, key), code));
  return seed !== null && matches > 0;
}
