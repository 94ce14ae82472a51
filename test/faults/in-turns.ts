const AT_ONCE = 2;

/** Does something with each item, a few at a time, in the order of the list. */
export async function inTurns<T>(items: T[], each: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const taker = async () => {
    for (const item of left) await each(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, taker));
}
