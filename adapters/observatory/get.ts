import type * as z from 'zod';
import { exchange } from '../exchange.ts';
import { jsonText } from '../json-text.ts';

const BYTES_MAX = 4 * 1024 ** 2;

export type Asked = { url: string; headers: Record<string, string>; deadline_ms: number };

/** One question to one of those that watch; null: it knows nothing of that (404). */
export async function get<S extends z.ZodType>(
  { url, headers, deadline_ms }: Asked,
  path: string,
  query: Record<string, string>,
  answer: S,
): Promise<z.output<S> | null> {
  const address = `${url}${path}?${new URLSearchParams(query)}`;
  const init = { headers: { accept: 'application/json', ...headers } };
  const { status, text } = await exchange(address, init, { deadline_ms, max_bytes: BYTES_MAX });
  if (status === 404) return null;
  if (status !== 200) throw new Error(`It answered ${status}.`);
  return answer.parse(jsonText.parse(text));
}
