// What `npm run drill -- --only alerts` does: Prometheus, Alertmanager and the prober with the files of deploy/alerts, whose
// minutes are made seconds (test/alerts/config.ts). Each part is broken in turn; whoever is on duty must be told of that
// alone, by the ways of its severity, and be told when it is over.
import { setTimeout as pause } from 'node:timers/promises';
import type { Told } from '../alerts/inbox.ts';
import { startStand } from '../alerts/stand.ts';

type StandIn = Awaited<ReturnType<typeof startStand>>['standIn'];
type Fault = {
  fault: string;
  alert: string;
  severity: 'page' | 'warning';
  strike(standIn: StandIn): unknown;
  /** What healing the stand-in does not undo. */
  mend?(standIn: StandIn): unknown;
};

const DAY_S = 86_400;
const nowS = () => Date.now() / 1000;
const condition =
  (change: Partial<StandIn['condition']>): Fault['strike'] =>
  (standIn) =>
    Object.assign(standIn.condition, change);
const page = (fault: string, alert: string, strike: Fault['strike'], mend?: Fault['mend']): Fault => ({
  ...{ fault, alert, severity: 'page', strike },
  ...(mend && { mend }),
});
const warning: typeof page = (...all) => ({ ...page(...all), severity: 'warning' });

const FAULTS: Fault[] = [
  page('one request in ten fails', 'HighErrorRate', condition({ failing: 0.1 })),
  warning('one answer in five takes two seconds', 'SlowAnswers', condition({ slow: 0.2 })),
  warning('the edge hands requests to the origin', 'FailoverActive', condition({ failovers_per_s: 2 })),
  page('the public addresses answer 503', 'ServiceDown', ({ site }) => Object.assign(site, { is_up: false })),
  page('the same, with all that follows from it', 'ServiceDown', ({ site, condition: all }) => {
    Object.assign(site, { is_up: false });
    Object.assign(all, { failing: 1, slow: 0.5, failovers_per_s: 2 });
  }),
  warning(
    'a part takes no connections',
    'PartDown',
    (standIn) => standIn.takeAway(),
    (standIn) => standIn.bringBack(),
  ),
  warning(
    'a certificate ends in ten days',
    'CertificateExpiring',
    (standIn) => standIn.renew(10),
    (standIn) => standIn.renew(90),
  ),
  warning('the oldest event waits for 90 s', 'OutboxOld', condition({ outbox_oldest_s: 90 })),
  warning('an event is a dead letter', 'DeadLetters', condition({ dead_letters: 1 })),
  page('the database is away', 'DatabaseDown', condition({ database_up: false })),
  page(
    'the same, with all that follows from it',
    'DatabaseDown',
    condition({ database_up: false, failing: 0.5, slow: 0.5 }),
  ),
  page('the database lacks a migration', 'SchemaBehind', condition({ migrations_missing: 1 })),
  page('the last backup is two days old', 'BackupOld', condition({ backup_at: nowS() - 2 * DAY_S })),
  page('a file of the audit archive is gone', 'AuditArchiveBroken', condition({ archive_broken: 1 })),
  warning(
    'the audit log was not archived for three days',
    'AuditArchiveLate',
    condition({ archive_at: nowS() - 3 * DAY_S }),
  ),
  warning('lines of the log are given up', 'TelemetryDropped', condition({ dropped_per_s: 5 })),
  warning('pods answer no scrape', 'MetricsAway', condition({ answers: false })),
];

/** How long all is well before the first fault, and what a fault may take to be told of, or to be over. */
const QUIET_MS = 12_000;
const PATIENCE_MS = 60_000;
/** Until nothing that belongs to a fault can still come. */
const SETTLING_MS = 3000;

const stand = await startStand();
const { standIn, told } = stand;
const wrong: string[] = [];
try {
  await pause(QUIET_MS);
  if (told.length > 0) wrong.push(`while all was well: ${said(told)}`);
  console.log(row('fault', 'alert', 'told by', 'fires after', 'is over after'));
  for (const one of FAULTS) await drill(one);
} finally {
  await stand.stop();
}
for (const line of wrong) console.log(`FAILED  ${line}`);
const faults = `${FAULTS.length} faults, ${wrong.length} not told as they should be`;
console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'}  ${faults}`);
process.exit(wrong.length === 0 ? 0 : 1);

async function drill({ fault, alert, severity, strike, mend }: Fault): Promise<void> {
  const begun = told.length;
  const ways = severity === 'page' ? (['slack', 'mail'] as const) : (['slack'] as const);
  const seen = (is_resolved: boolean) => {
    const found = ways.map((by) =>
      told.slice(begun).find((one) => one.by === by && one.alert === alert && one.is_resolved === is_resolved),
    );
    return found.every((one) => one !== undefined) ? Math.max(...found.map(({ at }) => at)) : null;
  };
  const struck_at = Date.now();
  await strike(standIn);
  const fired_at = await until(() => seen(false));
  await pause(SETTLING_MS);
  const healed_at = Date.now();
  standIn.heal();
  await mend?.(standIn);
  const over_at = await until(() => seen(true));
  await pause(SETTLING_MS);

  const others = told.slice(begun).filter((one) => one.alert !== alert || !ways.some((by) => by === one.by));
  const seconds = (from: number, to: number | null) => (to === null ? 'never' : `${((to - from) / 1000).toFixed(1)} s`);
  console.log(row(fault, alert, ways.join(', '), seconds(struck_at, fired_at), seconds(healed_at, over_at)));
  if (fired_at === null) wrong.push(`${fault}: ${alert} does not fire`);
  if (over_at === null) wrong.push(`${fault}: ${alert} does not end`);
  if (others.length > 0) wrong.push(`${fault}: also told of ${said(others)}`);
}

async function until(find: () => number | null): Promise<number | null> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) {
    const found = find();
    if (found !== null) return found;
  }
  return null;
}

function said(some: Told[]): string {
  return some.map(({ alert, by, is_resolved }) => `${alert} by ${by}${is_resolved ? ' (over)' : ''}`).join(', ');
}

function row(...cells: string[]): string {
  const widths = [48, 20, 11, 12, 14];
  return cells
    .map((cell, n) => cell.padEnd(widths[n] ?? 0))
    .join('  ')
    .trimEnd();
}
