import type { Statement } from '../db/client.ts';
import { markUncertain } from '../db/leases.ts';
import { trip } from '../usecases/trip.ts';
import { type Batch, fail } from './batch.ts';
import { inHalves } from './in-halves.ts';
import { isOnce, type Piece } from './job.ts';

/**
 * What each event needs, in one trip with at most one query for each type. Marks in the same trip what is not to be done
 * twice: were this consumer to end now, nobody could say whether it was done.
 */
export async function read(batch: Batch, pieces: Piece[]): Promise<Piece[]> {
  const found = new Map<number, unknown>();
  const refused = new Set<Piece>();
  await inHalves(
    pieces.filter((piece) => piece.job.read || isOnce(piece)),
    async (some) => {
      for (const { event_id, found: row } of await readSome(batch, some)) found.set(Number(event_id), row);
    },
    (piece, error) => {
      refused.add(piece);
      fail(batch, piece, error);
    },
  );
  return pieces
    .filter((piece) => !refused.has(piece))
    .map((piece) => ({ ...piece, found: found.get(piece.leased.event_id) ?? null }));
}

type Row = { event_id: string; found: unknown };

async function readSome({ worker: { db }, meter }: Batch, pieces: Piece[]): Promise<Row[]> {
  const once = pieces.filter(isOnce).map(({ leased }) => leased);
  const reads = [...Map.groupBy(pieces, ({ event }) => event.type).values()].flatMap((alike) => {
    const query = alike[0]?.job.read?.(
      db,
      alike.map(({ leased }) => leased.event_id),
    );
    return query ? [query] : [];
  });
  const [first, ...rest]: Statement[] = [...reads, ...(once.length > 0 ? [markUncertain(db, once)] : [])];
  if (!first) return [];
  const results = (await trip({ db, meter }, [first, ...rest])) as { rows: Row[] }[];
  return results.slice(0, reads.length).flatMap(({ rows }) => rows);
}
