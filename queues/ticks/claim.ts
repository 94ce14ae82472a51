import type { Claimed } from '../../db/claims.ts';
import type { Db } from '../../db/client.ts';
import { type Clock, findZones, type Page } from '../../db/people.ts';
import { noteRun } from '../../db/runs.ts';
import { civilDate, localTime } from '../../domain/dates.ts';
import type { Bell } from '../../domain/event.ts';
import { parseZone } from '../../domain/zone.ts';
import type { Query } from '../../usecases/ask.ts';
import { newMeter } from '../../usecases/meter.ts';
import type { Asking, Ports } from '../../usecases/ports.ts';
import { trip } from '../../usecases/trip.ts';

export type Tick = Pick<Ports, 'db' | 'now' | 'ring' | 'log'>;

type ClaimSome = (db: Db, now: string, page: Page) => Query<{ found: Claimed }>;

/**
 * Claims for all people, page by page, what they are to be told now, and rings for it. A tick that dies half way has
 * claimed what it has claimed; the next one goes on. Of two at once each claims what the other does not.
 */
export async function claimAll({ db, now: clock, ring, log }: Tick, name: string, claimSome: ClaimSome): Promise<void> {
  const now = clock();
  const meter = newMeter();
  const [zones] = await trip({ db, meter }, [findZones(db)]);
  const clocks = zones.rows.map(({ zone }) => clockIn(zone, now));
  let claims = 0;
  for (let after: number | null = 0; after !== null; ) {
    const claimed = await claimPage(claimSome(db, now, { clocks, after }), { db, meter });
    await ringFor(claimed.bells, { ring, log });
    claims += claimed.claims;
    after = claimed.next;
  }
  const [run] = await trip({ db, meter }, [noteRun(db, name, now)]);
  log('tick', { name, claims, trips: meter.trips, ran_before: run.rows[0]?.ran_before ?? null });
}

const clockIn = (name: string, now: string): Clock => {
  const zone = parseZone(name) ?? 'UTC';
  return { zone: name, local: `${civilDate(now, zone)} ${localTime(now, zone)}` };
};

async function claimPage(query: Query<{ found: Claimed }>, to: Pick<Asking, 'db' | 'meter'>): Promise<Claimed> {
  const [answer] = await trip(to, [query]);
  return answer.rows[0]?.found ?? { claims: 0, bells: [], next: null };
}

/** A bell that is lost costs a minute: cron rings for whatever waits. */
async function ringFor(bells: Bell[], { ring, log }: Pick<Tick, 'ring' | 'log'>): Promise<void> {
  if (bells.length === 0) return;
  await ring(bells).catch((error) => log('ring.failed', { error: String(error) }));
}
