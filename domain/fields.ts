import * as z from 'zod';

const EARLIEST_DATE = '1900-01-01';
const LATEST_DATE = '2999-12-31';
const MAX_MONEY = 9_999_999_999.99;

const storable = (schema: z.ZodString, max: number, min: number) =>
  schema
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'Contains characters that cannot be stored.');

/** Text that PostgreSQL and JSON can both hold: no NUL, no half of a surrogate pair. Length in characters. */
export const text = (max: number, min = 0) => storable(z.string(), max, min);

/** A line of text: trimmed, and not blank if `min` says so. */
export const line = (max: number, min = 0) => storable(z.string().trim(), max, min);

export const id = () => z.int().positive();

export const civilDate = () => z.iso.date().refine(isStorable, `Must be between ${EARLIEST_DATE} and ${LATEST_DATE}.`);

const isStorable = (date: string): boolean => date >= EARLIEST_DATE && date <= LATEST_DATE;

/** RFC 3339 with any offset; kept and answered in UTC. */
export const moment = () =>
  z.iso
    .datetime({ offset: true })
    .refine((at) => isStorable(at.slice(0, 10)), `Must be between ${EARLIEST_DATE} and ${LATEST_DATE}.`);

/** Money is answered as a decimal string; a number is taken as well. */
export const money = () =>
  z
    .union([
      z.string().regex(/^\d{1,10}(\.\d{1,2})?$/, 'Must be an amount like 12.50.'),
      z.number().min(0).max(MAX_MONEY),
    ])
    .transform((amount) => (typeof amount === 'number' ? amount.toFixed(2) : amount));

/** The same fields without their defaults: what a PATCH takes and an answer holds. */
export function withoutDefaults<S extends Record<string, z.ZodType>>(shape: S) {
  const unwrapped = Object.entries(shape).map(([name, field]) => [
    name,
    field instanceof z.ZodDefault ? field.unwrap() : field,
  ]);
  return Object.fromEntries(unwrapped) as { [K in keyof S]: S[K] extends z.ZodDefault<infer Inner> ? Inner : S[K] };
}
