import { claimDueDigests } from '../../db/due-digests.ts';
import { claimAll, type Tick } from './claim.ts';

/** Claims the digests whose hour has come: one a day for each person, over all of their homes. */
export const digest = (tick: Tick): Promise<void> => claimAll(tick, 'digest', claimDueDigests);
