import type { Db, Statement } from '../db/client.ts';
import { clearUncertain, failEvents, finishEvents, type Leased, noteUncertain } from '../db/leases.ts';
import type { Bell, Event } from '../domain/event.ts';
import { trip } from '../usecases/trip.ts';
import type { Acted } from './act.ts';
import { about, type Batch, fail } from './batch.ts';
import { inHalves } from './in-halves.ts';
import { type Done, isOnce } from './job.ts';

/**
 * The ends of all events with their effects in one transaction, then what failed, and the bells that follow from both.
 * An event whose effects are refused fails alone; what it did outside is not forgotten.
 */
export async function record(batch: Batch, acted: Acted[]): Promise<void> {
  const { worker, meter, failures, watch } = batch;
  const bells: Bell[] = [];
  await inHalves(
    acted,
    async (some) => {
      bells.push(...(await recordSome(batch, some)));
      for (const { leased, doubt } of some) {
        const status = doubt ? 'uncertain' : 'done';
        watch.ended(leased.event_id, { result: status, error: null });
        worker.log('job', { ...about(batch, leased), status, ...(doubt && { doubt }) });
      }
    },
    (piece, error) => fail(batch, piece, error, piece.leased.is_uncertain || piece.has_acted),
  );
  if (failures.length > 0) {
    const { db } = worker;
    const [failed] = await trip({ db, meter }, [failEvents(db, failures)]);
    bells.push(...failed.rows.flatMap(({ bell }) => bell ?? []));
  }
  if (bells.length > 0) {
    await worker.ring(bells).catch((error) => worker.log('ring.failed', { error: String(error) }));
  }
}

async function recordSome({ worker: { db }, meter }: Batch, acted: Acted[]): Promise<Bell[]> {
  const effects = [...Map.groupBy(acted, ({ event }) => event.type).values()].flatMap(
    (alike) => alike[0]?.job.effects?.(db, alike.map(toDone)) ?? [],
  );
  const statements: [Statement, ...Statement[]] = [finishEvents(db, leasesOf(acted)), ...said(db, acted), ...effects];
  const results = (await trip({ db, meter }, statements)) as { rows?: { bell?: Bell }[] }[];
  return results.flatMap(({ rows = [] }) => rows.flatMap(({ bell }) => bell ?? []));
}

const toDone = ({ leased, event, found, outcome, doubt }: Acted): Done<Event, unknown, unknown> => ({
  event_id: leased.event_id,
  event,
  found,
  outcome,
  is_uncertain: doubt !== null,
});

/** Whether it is known that they happened. */
function said(db: Db, acted: Acted[]): Statement[] {
  const doubts = acted.flatMap(({ leased: { event_id }, doubt }) => (doubt ? [{ event_id, error: doubt }] : []));
  const sure = acted.filter((piece) => !piece.doubt && (piece.leased.is_uncertain || isOnce(piece)));
  return [
    ...(sure.length > 0 ? [clearUncertain(db, leasesOf(sure))] : []),
    ...(doubts.length > 0 ? [noteUncertain(db, doubts)] : []),
  ];
}

const leasesOf = (acted: Acted[]): Leased[] => acted.map(({ leased }) => leased);
