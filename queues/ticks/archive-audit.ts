import { addArchiving } from '../../db/audit-archives.ts';
import type { Tick } from './claim.ts';

/** Files take longer than a Worker has: the origin makes them. */
export async function archiveAudit({ db, ring }: Tick): Promise<void> {
  const { rows } = await addArchiving(db);
  await ring(rows.map(({ bell }) => bell));
}
