import { claimOnboarding } from '../../db/due-onboarding.ts';
import { claimAll, type Tick } from './claim.ts';

/** Claims the mails to people who got no further than their account, or their home. */
export const onboard = (tick: Tick): Promise<void> => claimAll(tick, 'onboard', claimOnboarding);
