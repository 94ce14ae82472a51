import type { Context } from 'hono';
import { FILE_BYTES_MAX } from '../../domain/file.ts';
import { type Part, partsOf } from '../../domain/multipart.ts';
import { tooLarge } from './body-limit.ts';
import type { AppEnv } from './env.ts';
import { steadily } from './steadily.ts';

/** A file, and what a form says beside it. */
const FORM_BYTES_MAX = FILE_BYTES_MAX + 1024 ** 2;
const IDLE_MS = 20_000;
/** Fifty megabytes at less than a megabit a second. */
const WHOLE_MS = 10 * 60_000;

/** Lets somebody read the parts of a form as they come. What they do not read is let go. */
export async function withForm<T>(c: Context<AppEnv>, use: (parts: AsyncGenerator<Part>) => Promise<T>): Promise<T> {
  const stream = c.req.raw.body ?? new Blob([]).stream();
  const limits = { bytes_max: FORM_BYTES_MAX, idle_ms: IDLE_MS, whole_ms: WHOLE_MS };
  try {
    if (Number(c.req.header('content-length')) > FORM_BYTES_MAX) throw tooLarge(FORM_BYTES_MAX);
    return await use(partsOf(steadily(stream, limits), c.req.header('content-type') ?? null));
  } finally {
    // Of a stream that has failed it rejects with what its reader has heard already.
    if (!stream.locked) await stream.cancel().catch(() => {});
  }
}
