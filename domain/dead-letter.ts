import * as z from 'zod';
import { Queue } from './event.ts';
import { PageQuery, page } from './page.ts';

/** `dead`: nobody tries it again. `uncertain`: it has ended, and nobody knows whether its call outside happened. */
const State = z.enum(['dead', 'uncertain']);

/** An event that came to no good end, and that only an operator sends again. */
export const DeadLetter = z
  .object({
    id: z.int(),
    state: State,
    type: z.string(),
    queue: Queue,
    event: z.record(z.string(), z.unknown()).describe('As it was written: its type and ids'),
    attempts: z.int(),
    last_error: z.string().nullable(),
    /** Since when it is in this state. */
    since: z.iso.datetime(),
    request_id: z.string().nullable(),
    traceparent: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetters = page(DeadLetter).meta({ id: 'DeadLetters' });

const type = z.string().max(100);
/** What the error begins with: all that failed for one reason. */
const error = z.string().min(1).max(200);

export const DeadLetterQuery = PageQuery.extend({
  state: State.default('dead'),
  type: type.optional(),
  queue: Queue.optional(),
  error: error.optional(),
});
export type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

/** Where a page of them ended: since when that one was dead, and its id. */
export const DeadLetterCursor = z.tuple([z.iso.datetime({ offset: true }), z.int()]);
export type DeadLetterCursor = z.infer<typeof DeadLetterCursor>;

/** One of them, or all the dead like it. */
export const DeadLetterRetry = z.union([z.object({ id: z.int() }), z.object({ type, error })]);
export type DeadLetterRetry = z.infer<typeof DeadLetterRetry>;
