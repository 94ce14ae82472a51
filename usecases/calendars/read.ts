import { type Answered, tagText } from '../../db/answer.ts';
import { findCalendar } from '../../db/calendars.ts';
import { admit } from '../../db/guard.ts';
import { calendarEvents } from '../../domain/calendar.ts';
import { isSigned, parseFeedName } from '../../domain/calendar-address.ts';
import { calendarText } from '../../domain/calendar-text.ts';
import { civilDate } from '../../domain/dates.ts';
import { nothingHere } from '../ask.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';

const MAX_TASKS = 1000;
const MAX_EVENTS = 2000;

/** The calendar behind a signed address. Whatever is wrong with the address, nothing is there. */
export async function readCalendar(ctx: Asking, name: string, known: string[]): Promise<Answered> {
  const { db, settings, app_version } = ctx;
  const address = parseFeedName(name);
  if (!address) throw nothingHere();
  const { id, signature } = address;
  const [, answer] = await trip(ctx, [admit(db, app_version, false), findCalendar(db, id, MAX_TASKS)]);
  const found = answer.rows[0]?.found;
  if (!found || !(await isSigned({ id, nonce: found.nonce }, signature, settings.signing_keys))) throw nothingHere();

  const { tasks, residence_name, zone } = found;
  const events = calendarEvents(tasks, civilDate(ctx.now(), zone), MAX_EVENTS);
  const body = calendarText(residence_name === null ? 'honeyDue' : `honeyDue · ${residence_name}`, events);
  return tagText(body, known);
}
