import { claimDueTasks } from '../../db/due-tasks.ts';
import { claimAll, type Tick } from './claim.ts';

/** Claims the reminders whose hour has come (tasks.md, Reminders). Warranties will be claimed beside the tasks. */
export const remind = (tick: Tick): Promise<void> => claimAll(tick, 'remind', claimDueTasks);
