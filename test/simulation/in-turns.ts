import type { Dice } from './dice.ts';

/** Waits for its turn, then takes a step. A process has one step under way at a time. */
export type Gate = <T>(step: () => Promise<T>) => Promise<T>;

/** Runs processes at once, as the dice let them: each stops before each step until it is its turn. */
export async function inTurns(dice: Dice, processes: ((gate: Gate) => Promise<void>)[]): Promise<void> {
  const waiting = new Map<number, () => Promise<void>>();
  const failures: unknown[] = [];
  let left = processes.length;
  let wake = () => {};

  const gateOf =
    (n: number): Gate =>
    (step) =>
      new Promise((resolve, reject) => {
        waiting.set(n, async () => {
          waiting.delete(n);
          await step().then(resolve, reject);
        });
        wake();
      });
  for (const [n, run] of processes.entries()) {
    void run(gateOf(n))
      .catch((error) => failures.push(error))
      .finally(() => {
        left -= 1;
        wake();
      });
  }
  while (left > 0) {
    if (waiting.size < left) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    const go = waiting.get(dice.pick([...waiting.keys()].sort()));
    await go?.();
  }
  if (failures.length > 0) throw failures[0];
}
