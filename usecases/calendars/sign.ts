import type { UnsignedFeed } from '../../db/calendars.ts';
import type { CalendarFeed } from '../../domain/calendar.ts';
import { feedName } from '../../domain/calendar-address.ts';
import type { Settings } from '../ports.ts';

/** A feed with the address that leads to it. */
export async function signFeed({ nonce, ...feed }: UnsignedFeed, settings: Settings): Promise<CalendarFeed> {
  const [key] = settings.signing_keys;
  const name = await feedName({ id: feed.id, nonce }, key);
  const { id, ...rest } = feed;
  return { id, url: `${settings.public_url}/api/calendar/${name}`, ...rest };
}
