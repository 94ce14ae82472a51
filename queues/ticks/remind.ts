import { claimDueReminders } from '../../db/due-reminders.ts';
import { claimAll, type Tick } from './claim.ts';

/** Claims the reminders whose hour has come (tasks.md, Reminders). */
export const remind = (tick: Tick): Promise<void> => claimAll(tick, 'remind', claimDueReminders);
