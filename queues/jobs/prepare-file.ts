import { passOn } from '../../db/file-texts.ts';
import { type AddedFile, findAdded, keepPrepared, noteFault, type PreparedFile } from '../../db/files.ts';
import type { Event } from '../../domain/event.ts';
import { faultIn } from '../../domain/file-fault.ts';
import type { Job } from '../job.ts';
import { prepared } from './prepared.ts';

/** Files wait for each other, and each takes its time. */
export const FILE_DEADLINE_MS = 10 * 60_000;

type Added = Extract<Event, { type: 'file.added' }>;
type Outcome = { prepared: PreparedFile } | { fault: string };

/**
 * Verifies a file and stores it anew, a photo without where it was taken and with smaller pictures: from then on all of
 * the home may read it. What is wrong with the file itself ends its event and is told in its row.
 */
export const prepareFile: Job<Added, AddedFile, Outcome> = {
  policy: { deadline_ms: FILE_DEADLINE_MS },
  read: findAdded,
  async act(worker, file, { event: { kind } }) {
    try {
      return { prepared: await prepared(worker, kind, file) };
    } catch (error) {
      const fault = faultIn(error);
      if (fault === null) throw error;
      worker.log('file.refused', { kind, file_id: file.id, fault, why: String(error) });
      return { fault };
    }
  },
  effects: (db, done) => [
    ...done.flatMap(({ event: { kind }, found, outcome }) => {
      if (!found || !outcome) return [];
      return 'fault' in outcome
        ? [noteFault(db, kind, found, outcome.fault)]
        : [keepPrepared(db, kind, found, outcome.prepared)];
    }),
    passOn(
      db,
      done.map(({ event_id }) => event_id),
      'text.requested',
    ),
  ],
};
