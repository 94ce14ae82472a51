/** What a Worker may have open at the same time, and one for the database. */
const AT_ONCE = 5;

export async function fewAtOnce<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const taker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, taker));
}
