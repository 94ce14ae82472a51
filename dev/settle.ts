import { readFileSync } from 'node:fs';
import { findDue } from '../db/outbox.ts';
import type { Bell } from '../domain/event.ts';
import { consume } from '../queues/consume.ts';
import { digest } from '../queues/ticks/digest.ts';
import { onboard } from '../queues/ticks/onboard.ts';
import { remind } from '../queues/ticks/remind.ts';
import type { Worker } from '../usecases/ports.ts';

const AFTER_RESTORE = new URL('../origin/backup/after-restore.sql', import.meta.url);
/** Of what is due at once; each round may leave the next one something. */
const BATCH = 500;
const ROUNDS = 200;

/**
 * Makes a restored database such that nothing is sent twice: claims what has come due since the backup and works off what
 * concerns the database alone, ringing for nobody; then marks whatever waits to leave the house as perhaps sent.
 */
export async function settle(worker: Worker, sql: (text: string) => Promise<unknown>): Promise<void> {
  const silent: Worker = { ...worker, ring: async () => {} };
  await sql(
    'update outbox set lease_until = null, run_at = least(run_at, now()) where done_at is null and queue = $$jobs$$',
  );
  for (const tick of [remind, digest, onboard]) await tick(silent);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { rows } = await findDue(worker.db, ['jobs'], BATCH);
    if (rows.length === 0) break;
    await consume(silent, rows.map(toDelivery));
  }
  await sql(readFileSync(AFTER_RESTORE, 'utf8'));
}

const toDelivery = ({ bell }: { bell: Bell }) => ({ body: bell, attempts: 1, ack() {}, retry() {} });
