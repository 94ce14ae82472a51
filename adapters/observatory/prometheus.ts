import * as z from 'zod';
import type { Observatory } from '../../domain/observatory.ts';
import { type Asked, get } from './get.ts';

const Answer = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Prometheus, or whoever speaks as it does (VictoriaMetrics, Mimir): an instant query. */
export const prometheus =
  (asked: Asked): NonNullable<Observatory['metrics']> =>
  async (query) => {
    const answer = await get(asked, '/api/v1/query', { query }, Answer);
    if (!answer) throw new Error('There is no Prometheus.');
    return answer.data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  };
