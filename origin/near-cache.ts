import type { Cache } from '../domain/cache.ts';

/**
 * The cache as one request asks it on its way to the database: while Redis is away it waits for it once, and no more. What
 * it asks when there is no database is another matter.
 */
export function askedOnce(cache: Cache): Cache {
  let isAway = false;
  const { boards, count } = cache;
  return {
    ...cache,
    async count(...about) {
      const counted = isAway ? null : await count(...about);
      isAway ||= counted === null;
      return counted;
    },
    boards: {
      ...boards,
      async find(...about) {
        const found = isAway ? { body: null, epoch: null } : await boards.find(...about);
        isAway ||= found.epoch === null;
        return found;
      },
    },
  };
}
