import { unitsBetween } from '../../dates.ts';

type Format = Intl.DateTimeFormatOptions;

const formatter = (format: Format, timeZone = 'UTC') => new Intl.DateTimeFormat('en', { ...format, timeZone });

/** Made when the first mail needs it: each costs a Worker more than many a request, and most have no mail to write. */
function kept<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const long = kept(() => formatter({ dateStyle: 'long' }));
const short = kept(() => formatter({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }));
const relative = kept(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }));

/** A civil date as people say it. */
export const inWords = (date: string): string => long().format(midnight(date));

export const inShort = (date: string): string => short().format(midnight(date));

const midnight = (date: string): Date => new Date(`${date}T00:00:00Z`);

/** “today”, “tomorrow”, “in 3 days”, “2 days ago”. */
export const fromToday = (date: string, today: string): string =>
  relative().format(unitsBetween(today, date, 'day'), 'day');

/** A moment as a clock in a zone shows it. */
export const moment = (at: string, zone: string): string =>
  formatter({ dateStyle: 'long', timeStyle: 'short' }, zone).format(new Date(at));

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const openApp = (url: string) => ({ action: { label: 'Open honeyDue', url } });
