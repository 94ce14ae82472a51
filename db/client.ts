import { type NeonQueryFunction, neon } from '@neondatabase/serverless';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/neon-http';

/**
 * Neon over HTTP, the same on workerd and on Node. `signal` ends every request that this connection still has open; a
 * function is asked anew for each request, since the driver spreads its options into it.
 */
export const connect = (url: string, signal?: AbortSignal | (() => AbortSignal)) =>
  drizzle({
    client: neon(url, {
      fetchOptions: {
        get signal() {
          return typeof signal === 'function' ? signal() : signal;
        },
      },
    }),
  });

/** On a client of one's own that answers as the driver does. */
export const connectBy = (client: NeonQueryFunction<false, false>) => drizzle({ client });

export type Db = ReturnType<typeof connect>;

/** A query not yet sent: batch it with others as one transaction and one round trip. */
export type Statement = BatchItem<'pg'>;

/** A statement in plain SQL whose rows are of the given type. */
export const statement = <Row extends Record<string, unknown>>(db: Db, query: SQL) => db.execute<Row>(query);
