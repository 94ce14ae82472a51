/** Every backup of so many days, and after that the first of each month for so many. */
const DAYS = 14;
const MONTHS = 12;
/** Whatever a clock says. */
const NEWEST = 3;

const PREFIX = 'backup/';
const DAY_MS = 86_400_000;

/** Where the backup of a moment lies. In order of their names, they are in order of time. */
export const backupKey = (moment: string): string => `${PREFIX}${moment.replaceAll(':', '-')}.dump.age`;
export const BACKUP_PREFIX = PREFIX;

/** Of these backups those that nobody needs any more. A key that is none of ours is nobody's to delete. */
export function expired(keys: string[], now: string): string[] {
  const ours = keys.filter((key) => momentOf(key) !== null).sort();
  const old = ours.slice(0, -NEWEST).filter((key) => ageOf(key, now) > DAYS);
  const monthly = new Set([...Map.groupBy(ours, monthOf).values()].map(([first]) => first));
  const oldest = monthsBefore(now.slice(0, 7), MONTHS);
  return old.filter((key) => !monthly.has(key) || monthOf(key) < oldest);
}

const monthOf = (key: string): string => key.slice(PREFIX.length, PREFIX.length + 7);

function momentOf(key: string): number | null {
  const [, day, hour, minute] = /^backup\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-[\d.]+Z\.dump\.age$/.exec(key) ?? [];
  return day === undefined ? null : Date.parse(`${day}T${hour}:${minute}:00Z`);
}

const ageOf = (key: string, now: string): number => (Date.parse(now) - (momentOf(key) ?? 0)) / DAY_MS;

function monthsBefore(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count)).toISOString().slice(0, 7);
}
