import * as z from 'zod';

// What an environment variable says, which is always text. One that is empty is as good as none.

/** Separated by commas. */
export const words = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter((word) => word !== ''));
export const someWords = words.pipe(z.tuple([z.string()], z.string()));

export const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => value || undefined, schema.optional());

/** Where a secret must be one line, its line breaks are written `\n`. */
export const pem = z.string().transform((text) => text.replaceAll('\\n', '\n'));

/** Without a slash at its end. */
export const baseUrl = z.url().transform((url) => url.replace(/\/$/, ''));
