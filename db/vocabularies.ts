import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

/** Makes the vocabularies of so many scopes anew from which words may have gone; answers how many there were. */
export const renewVocabularies = (db: Db, limit: number) =>
  statement<{ renewed: number }>(db, sql`select hd_renew_vocabularies(${limit}::int) as renewed`);
