import { crons } from './edge.ts';

/**
 * Calls each of `wrangler.toml`'s crons when it is due, which workerd does not do by itself. Understands what is listed
 * there: a minute, `*` or every so many of them, and at most one hour, then three stars.
 */
export function startTicks(run: (cron: string) => Promise<void>, onError: (error: unknown) => void): () => void {
  const listed = crons().map((cron) => ({ cron, isDue: timeOf(cron) }));
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(
      () => {
        const now = new Date();
        for (const { cron, isDue } of listed) if (isDue(now)) run(cron).catch(onError);
        schedule();
      },
      60_050 - (Date.now() % 60_000),
    );
  };
  schedule();
  return () => clearTimeout(timer);
}

function timeOf(cron: string): (now: Date) => boolean {
  const found = /^(?:\*(?:\/([1-9]\d?))?|([0-5]?\d)) (?:\*|(1?\d|2[0-3])) \* \* \*$/.exec(cron);
  if (!found) throw new Error(`The local stack cannot tell when “${cron}” is due: see dev/ticks.ts.`);
  const [, every = '1', minute, hour] = found;
  return (now) =>
    (hour === undefined || now.getUTCHours() === Number(hour)) &&
    (minute === undefined ? now.getUTCMinutes() % Number(every) === 0 : now.getUTCMinutes() === Number(minute));
}
