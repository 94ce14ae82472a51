import * as z from 'zod';
import type { Observatory } from '../../domain/observatory.ts';
import { type Asked, get } from './get.ts';

const Answer = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.iso.datetime({ offset: true }),
  }),
);

/** Alertmanager: what people are told of now. What is silenced, or follows from another, is not. */
export const alertmanager =
  (asked: Asked): NonNullable<Observatory['alerts']> =>
  async () => {
    const query = { active: 'true', silenced: 'false', inhibited: 'false' };
    const answer = await get(asked, '/api/v2/alerts', query, Answer);
    if (!answer) throw new Error('There is no Alertmanager.');
    return answer
      .map(({ labels, annotations, startsAt }) => ({
        name: labels.alertname ?? '',
        severity: labels.severity ?? null,
        summary: annotations.summary ?? null,
        runbook_url: annotations.runbook_url ?? null,
        since: new Date(startsAt).toISOString(),
      }))
      .sort((a, b) => a.since.localeCompare(b.since));
  };
