import { isAway } from '../db/errors.ts';

/**
 * Tries all of them together; if that is refused, in halves and their halves, until whoever is to blame is alone. While
 * the database is away nobody is to blame: that is thrown.
 */
export async function inHalves<T>(
  items: T[],
  attempt: (items: T[]) => Promise<void>,
  blame: (item: T, error: unknown) => void,
): Promise<void> {
  const [first] = items;
  if (first === undefined) return;
  try {
    await attempt(items);
  } catch (error) {
    if (isAway(error)) throw error;
    if (items.length === 1) return blame(first, error);
    const half = Math.ceil(items.length / 2);
    await inHalves(items.slice(0, half), attempt, blame);
    await inHalves(items.slice(half), attempt, blame);
  }
}
