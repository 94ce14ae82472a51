import { addUnlessWaiting } from '../../db/outbox.ts';
import type { Tick } from './claim.ts';

/** What reads a whole bucket or makes files takes longer than a Worker has: it is an event, which the origin works off. */
export const handToOrigin =
  (type: Parameters<typeof addUnlessWaiting>[1]) =>
  async ({ db, ring }: Tick): Promise<void> => {
    const { rows } = await addUnlessWaiting(db, type);
    await ring(rows.map(({ bell }) => bell));
  };
