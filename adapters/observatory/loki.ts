import * as z from 'zod';
import type { LogLine, Observatory } from '../../domain/observatory.ts';
import { jsonText } from '../json-text.ts';
import { type Asked, get } from './get.ts';

const LINES_MAX = 500;

const Answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ stream: z.record(z.string(), z.string()), values: z.array(z.tuple([z.string(), z.string()])) }),
    ),
  }),
});

const Line = jsonText.pipe(z.looseObject({ at: z.iso.datetime(), level: z.string(), event: z.string() }));

/** Loki: the lines of ours that name any of the ids, the newest if there are too many. */
export const loki =
  (asked: Asked): NonNullable<Observatory['lines']> =>
  async ({ ids, from, to }) => {
    const query = `{service_name="honeydue"} |~ ${JSON.stringify(ids.map(escaped).join('|'))}`;
    const window = { start: nanoseconds(from), end: nanoseconds(to), limit: String(LINES_MAX), direction: 'backward' };
    const answer = await get(asked, '/loki/api/v1/query_range', { query, ...window }, Answer);
    if (!answer) throw new Error('There is no Loki.');
    return answer.data.result.flatMap(({ stream, values }) =>
      values.flatMap(([, text]) => lineOf(text, stream.runtime ?? null)),
    );
  };

/** Nothing, if it is not one of ours. */
function lineOf(text: string, runtime: string | null): LogLine[] {
  const { success, data } = Line.safeParse(text);
  if (!success) return [];
  const { at, level, event, ...fields } = data;
  return [{ at, runtime, level, event, fields }];
}

/** An id has letters, digits and these; the rest means nothing to a regular expression. */
const escaped = (id: string): string => id.replace(/[.+]/g, '\\$&');

const nanoseconds = (at: string): string => `${BigInt(Date.parse(at)) * 1_000_000n}`;
