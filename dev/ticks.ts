import { crons } from './edge.ts';

/**
 * Calls each of `wrangler.toml`'s crons when it is due, which workerd does not do by itself. Understands what is listed
 * there: a minute, `*` or every so many of them, then four stars.
 */
export function startTicks(run: (cron: string) => Promise<void>, onError: (error: unknown) => void): () => void {
  const listed = crons().map((cron) => ({ cron, isDue: timeOf(cron) }));
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(
      () => {
        const now = new Date().getUTCMinutes();
        for (const { cron, isDue } of listed) if (isDue(now)) run(cron).catch(onError);
        schedule();
      },
      60_050 - (Date.now() % 60_000),
    );
  };
  schedule();
  return () => clearTimeout(timer);
}

function timeOf(cron: string): (minute: number) => boolean {
  const found = /^(?:\*(?:\/([1-9]\d?))?|([0-5]?\d)) \* \* \* \*$/.exec(cron);
  if (!found) throw new Error(`The local stack cannot tell when “${cron}” is due: see dev/ticks.ts.`);
  const [, every = '1', minute] = found;
  return minute === undefined ? (now) => now % Number(every) === 0 : (now) => now === Number(minute);
}
