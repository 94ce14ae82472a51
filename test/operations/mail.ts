import { sesReports } from '../../adapters/ses-reports.ts';
import { NOW } from '../home.ts';
import { bounce, type Sns, startSns, TOPIC } from '../mail/sns-stand-in.ts';
import type { Samples } from './sample.ts';

let opened: Promise<Sns> | undefined;

/** Above the sign-in line. */
export const MAIL_WEBHOOKS: Samples = {
  'POST /api/mail/webhook/ses/': {
    async make(world) {
      opened ??= startSns(NOW);
      const sns = await opened;
      world.ports.mailReports = sesReports({ topics: [TOPIC], endpoint: sns.url });
      return { told: JSON.stringify(sns.signed(sns.notification(bounce('nobody@example.com')))) };
    },
    request: ({ told }) => ({ path: '/api/mail/webhook/ses/', body: JSON.parse(`${told}`) }),
    trips: 1,
  },
};
