import { crons } from './edge.ts';

/**
 * Calls each of `wrangler.toml`'s crons when it is due, which workerd does not do by itself. Understands what is listed
 * there: a minute or `*`, then four stars.
 */
export function startTicks(run: (cron: string) => Promise<void>, onError: (error: unknown) => void): () => void {
  const listed = crons().map((cron) => ({ cron, minute: minuteOf(cron) }));
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(
      () => {
        const now = new Date().getUTCMinutes();
        for (const { cron, minute } of listed) if (minute === null || minute === now) run(cron).catch(onError);
        schedule();
      },
      60_050 - (Date.now() % 60_000),
    );
  };
  schedule();
  return () => clearTimeout(timer);
}

function minuteOf(cron: string): number | null {
  const found = /^(\*|[0-5]?\d) \* \* \* \*$/.exec(cron)?.[1];
  if (found === undefined) throw new Error(`The local stack cannot tell when “${cron}” is due: see dev/ticks.ts.`);
  return found === '*' ? null : Number(found);
}
