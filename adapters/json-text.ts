import * as z from 'zod';

/** Text that must be JSON; pipe it into the shape that is expected of it. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.issues.push({ code: 'custom', message: 'Is not JSON.', input: text });
    return z.NEVER;
  }
});
