import * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import { exchange } from '../exchange.ts';
import { jsonText } from '../json-text.ts';

const LIMITS = { deadline_ms: 5000, max_bytes: 512 * 1024 };
const RETRY_AFTER_S = 30;

type Question<T> = {
  url: string;
  init: RequestInit;
  /** What a 2xx must look like; no text at all counts as null. */
  answer: z.ZodType<T>;
  /** The statuses by which this store says that there is no such thing. */
  unknown?: readonly number[];
};

/** One try; null if the store knows no such thing. Whatever is not an answer of the agreed shape is an outage. */
export async function askStore<T>({ url, init, answer, unknown = [] }: Question<T>): Promise<T | null> {
  const { status, text } = await exchange(url, init, LIMITS).catch((cause) => {
    throw storeUnavailable(cause);
  });
  if (unknown.includes(status)) return null;
  if (status < 200 || status > 299) {
    throw storeUnavailable(new StoreError(`${new URL(url).host} answered ${status}${codeOf(text)}.`, status));
  }
  const { success, data, error } = jsonText.pipe(answer).safeParse(text || 'null');
  if (!success) throw storeUnavailable(new StoreError(`${new URL(url).host}: ${z.prettifyError(error)}`, status));
  return data;
}

export class StoreError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export const storeUnavailable = (cause: unknown): AppError =>
  new AppError('billing_unavailable', 'The store cannot be asked right now.', { retry_after_s: RETRY_AFTER_S }, cause);

/** Only the error's stable name: messages quote addresses and ids. */
function codeOf(text: string): string {
  const { data } = jsonText.pipe(ErrorAnswer).safeParse(text);
  const code =
    data?.errorCode ?? (typeof data?.error === 'string' ? data.error : (data?.error?.code ?? data?.error?.type));
  return code === undefined ? '' : ` (${code})`;
}

const Code = z.union([z.string().max(100), z.number()]);
/** Apple: errorCode; Stripe: error.code, error.type; Google: error.status, or error alone where tokens are made. */
const ErrorAnswer = z.object({
  errorCode: Code.optional(),
  error: z.union([z.string().max(100), z.object({ code: Code.optional(), type: Code.optional() })]).optional(),
});
