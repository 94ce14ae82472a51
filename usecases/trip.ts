import type { Statement } from '../db/client.ts';
import { isTransient, translate } from '../db/errors.ts';
import type { Asking } from './ports.ts';

type Batch = readonly [Statement, ...Statement[]];

/** One HTTP request to the database, one transaction. A deadlock's victim is sent once more; every error comes out as ours. */
export async function trip<S extends Batch>(ctx: Pick<Asking, 'db' | 'meter'>, statements: S) {
  try {
    return await send(ctx, statements).catch((error) => {
      if (isTransient(error)) return send(ctx, statements);
      throw error;
    });
  } catch (error) {
    throw translate(error);
  }
}

async function send<S extends Batch>({ db, meter }: Pick<Asking, 'db' | 'meter'>, statements: S) {
  const started = performance.now();
  try {
    return await db.batch(statements);
  } finally {
    meter.trips += 1;
    meter.db_ms += performance.now() - started;
  }
}
