import type * as z from 'zod';
import { AppError } from './errors.ts';

/** What a schema makes of what a client has sent, or what is wrong with it by field. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields: Record<string, string[]> = {};
  for (const { path, message } of result.error.issues) {
    const field = path.join('.') || 'body';
    fields[field] = [...(fields[field] ?? []), message];
  }
  throw new AppError('validation', 'Some fields are missing or wrong.', { fields });
}
