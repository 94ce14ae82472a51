import { type FinishedToTell, findFinished } from '../../db/long-job-lists.ts';
import { downloadToken } from '../../domain/download.ts';
import type { Event } from '../../domain/event.ts';
import type { Letter } from '../../domain/mail.ts';
import { exportReady, reportReady } from '../../domain/mails/household.ts';
import type { Worker } from '../../usecases/ports.ts';
import type { Job } from '../job.ts';
import { type Posted, post, posted } from './post.ts';

/** Five hours of tries; the result is there for longer. */
const MAX_ATTEMPTS = 14;

/** Mails the link to what a job has made. Twice does no harm: it is the same link. */
export const mailResult: Job<Extract<Event, { type: 'job.finished' }>, FinishedToTell, Posted> = {
  policy: { max_attempts: MAX_ATTEMPTS },
  read: findFinished,
  async act(worker, finished, { event_id }) {
    return await post(worker.mail, event_id, finished, () => letterOf(worker, finished));
  },
  effects: posted,
};

async function letterOf(
  { settings }: Worker,
  { job_id, residence_name, expires_at, zone }: FinishedToTell,
): Promise<Letter> {
  const token = await downloadToken(job_id, settings.signing_keys[0]);
  const ready = { url: `${settings.public_url}/api/downloads/?t=${token}`, expires_at, zone };
  return residence_name === null ? exportReady(ready) : reportReady({ ...ready, residence_name });
}
