import { findDue } from '../db/outbox.ts';
import type { Ports } from '../usecases/ports.ts';

/** What one tick rings for at most; the rest is due at the next. */
const BATCH = 500;

/** Rings for every event that is due and that nobody works on: what a lost bell costs is a minute. */
export async function ringDue({ db, ring, log }: Pick<Ports, 'db' | 'ring' | 'log'>): Promise<void> {
  const { rows } = await findDue(db, BATCH);
  if (rows.length === 0) return;
  log('ring.due', { events: rows.length });
  await ring(rows.map(({ event_id }) => Number(event_id)));
}
