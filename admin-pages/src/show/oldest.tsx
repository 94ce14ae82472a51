import { ageOf } from './age';

type Queue = { oldest_age_s: number | null };

/** The column of how long the first in a queue has waited. */
export const oldest = {
  name: 'the oldest for',
  show: ({ oldest_age_s }: Queue) => (oldest_age_s === null ? '–' : ageOf(oldest_age_s)),
};
