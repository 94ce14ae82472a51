import { beginJob, cancelJobs, findOpenJobs, finishJobs, noteProgress } from '../../db/long-jobs.ts';
import type { Event } from '../../domain/event.ts';
import { keyFor } from '../../domain/file.ts';
import type { OpenJob } from '../../domain/long-job.ts';
import { type Made, type Progress, Stopped } from '../../domain/paper.ts';
import { newMeter } from '../../usecases/meter.ts';
import type { Worker } from '../../usecases/ports.ts';
import { trip } from '../../usecases/trip.ts';
import type { Job } from '../job.ts';

type Requested = Extract<Event, { type: 'report.requested' | 'export.requested' }>;

/** About an hour of tries. */
const MAX_ATTEMPTS = 10;
const DEADLINE_MS = 20 * 60_000;

/**
 * Makes what somebody asked for and puts it into storage. Each attempt has a key of its own, which the job's row names
 * from its beginning: of many attempts one leaves an object, and whoever cancels the job stops the attempt at its next
 * step.
 */
export const makePaper: Job<Requested, OpenJob, Made | null> = {
  policy: { max_attempts: MAX_ATTEMPTS, deadline_ms: DEADLINE_MS },
  read: findOpenJobs,
  async act(worker, job) {
    const object_key = keyFor(job.kind === 'export' ? 'export' : 'report');
    try {
      return await make(worker, job, object_key);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      worker.log('paper.stopped', { job_id: job.job_id });
      return null;
    }
  },
  effects(db, done) {
    const made = done.flatMap(({ event: { job_id }, outcome }) => (outcome ? [{ ...outcome, job_id }] : []));
    const unseen = done.flatMap(({ event: { job_id }, found }) => (found ? [] : [job_id]));
    return [...(made.length > 0 ? [finishJobs(db, made)] : []), ...(unseen.length > 0 ? [cancelJobs(db, unseen)] : [])];
  },
};

async function make({ db, files, makePaper }: Worker, job: OpenJob, object_key: string): Promise<Made> {
  if (!makePaper) throw new Error('Reports and exports are made at the origin alone.');
  const meter = newMeter();
  const step = async (statement: ReturnType<typeof noteProgress>) => {
    const [{ rows }] = await trip({ db, meter }, [statement]);
    if (rows.length === 0) throw new Stopped();
  };
  const progress: Progress = (percent) => step(noteProgress(db, job.job_id, object_key, percent));

  await step(beginJob(db, job.job_id, object_key));
  const { filename, content_type, body } = await makePaper(job, progress);
  const { size, sha256, version } = await files.put(object_key, body, { content_type });
  return { object_key, version_id: version, filename, content_type, size, sha256 };
}
