import { AppError } from '../../domain/errors.ts';
import { lossOf } from '../lost.ts';
import { type Ask, type Bucket, signed } from './bucket.ts';
import { textIn } from './xml.ts';

const TRIES_MAX = 3;
const FIRST_PAUSE_MS = 100;
/** B2 is busy, or something before it is. All else is an answer. */
const BUSY = new Set([408, 429, 500, 502, 503, 504]);
const RETRY_AFTER_S = 5;
const ANSWER_BYTES_MAX = 4 * 1024 ** 2;

export type Answer = { status: number; headers: Headers; text: string };

/** Asks, and reads the whole answer. */
export const asked = (bucket: Bucket, ask: Ask, deadline_ms = bucket.ask_ms): Promise<Answer> =>
  exchange(bucket, ask, deadline_ms, async (response) => {
    const { status, headers } = response;
    return { status, headers, text: await readText(response) };
  });

/** Asks, and leaves the answer's body to the caller, who may hang up. */
export const opened = (bucket: Bucket, ask: Ask): Promise<{ response: Response; hangUp(): void }> =>
  exchange(bucket, ask, bucket.ask_ms, async (response, hangUp) => ({ response, hangUp }));

type Read<T> = (response: Response, hangUp: () => void) => Promise<T>;
type Outcome<T> = { answer: T } | { fault: string; pause_ms: number };

/** Up to three tries within one deadline. Every body is bytes in hand, so that it can be sent again. */
async function exchange<T>(bucket: Bucket, ask: Ask, deadline_ms: number, read: Read<T>): Promise<T> {
  const until_ms = Date.now() + deadline_ms;
  for (let tries = 1; ; tries += 1) {
    // One that hangs leaves half of the time to another.
    const outcome = await attempt(bucket, ask, Math.min(until_ms - Date.now(), deadline_ms / 2), read);
    if ('answer' in outcome) return outcome.answer;
    const jitter = 0.5 + Math.random() / 2;
    const pause_ms = Math.max(outcome.pause_ms, FIRST_PAUSE_MS * 2 ** (tries - 1) * jitter);
    if (tries === TRIES_MAX || Date.now() + pause_ms >= until_ms) throw unavailable(ask, outcome.fault);
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
  }
}

async function attempt<T>(bucket: Bucket, ask: Ask, limit_ms: number, read: Read<T>): Promise<Outcome<T>> {
  const { url, headers } = await signed(bucket, ask);
  if (bucket.traceparent) headers.set('traceparent', bucket.traceparent);
  const { method, body = null } = ask;
  const controller = new AbortController();
  const hangUp = () => controller.abort();
  const timer = setTimeout(hangUp, limit_ms);
  try {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: controller.signal });
    if (!BUSY.has(response.status)) return { answer: await read(response, hangUp) };
    await response.body?.cancel();
    return { fault: `answered ${response.status}`, pause_ms: pauseOf(response) };
  } catch (error) {
    const reason = controller.signal.aborted ? `gave no answer in ${limit_ms} ms` : lossOf(error).reason;
    return { fault: reason, pause_ms: 0 };
  } finally {
    clearTimeout(timer);
  }
}

const pauseOf = ({ headers }: Response): number => (Number(headers.get('retry-after')) || 0) * 1000;

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > ANSWER_BYTES_MAX) throw new Error(`An answer is longer than ${ANSWER_BYTES_MAX} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** For an answer that is none of those that are expected. */
export const refused = (ask: Ask, { status, text }: Pick<Answer, 'status' | 'text'>): AppError =>
  unavailable(ask, `answered ${status} ${textIn(text, 'Code') ?? ''}: ${textIn(text, 'Message') ?? ''}`);

/** What went wrong is for the log; whoever asked hears only that it did. */
export function unavailable({ method, key = '', query = {} }: Ask, fault: string): AppError {
  const what = [method, key, ...Object.keys(query)].join(' ').trim();
  const cause = new Error(`Storage ${fault} (${what})`);
  return new AppError('storage_unavailable', 'Files are out of reach.', { retry_after_s: RETRY_AFTER_S }, cause);
}
