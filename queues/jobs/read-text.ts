import { findUnread, keepText, noteTextFault, passOn, type UnreadFile } from '../../db/file-texts.ts';
import type { Event } from '../../domain/event.ts';
import { FileFault, faultIn } from '../../domain/file-fault.ts';
import { decoded, kept, TEXT_RANGE } from '../../domain/plain-text.ts';
import type { Worker } from '../../usecases/ports.ts';
import type { Job } from '../job.ts';
import { FILE_DEADLINE_MS } from './prepare-file.ts';

type Outcome = { text: string } | { fault: string };

/** Reads what a file says, for search. One that could not be prepared is prepared again first. */
export const readText: Job<Extract<Event, { type: 'text.requested' }>, UnreadFile, Outcome> = {
  policy: { deadline_ms: FILE_DEADLINE_MS },
  read: findUnread,
  async act(worker, file) {
    try {
      return { text: await textOf(worker, file) };
    } catch (error) {
      const fault = faultIn(error);
      if (fault === null) throw error;
      worker.log('text.unreadable', { file_id: file.id, fault, why: String(error) });
      return { fault };
    }
  },
  effects: (db, done) => [
    ...done.flatMap(({ found, outcome }) => {
      if (!found || !outcome) return [];
      return 'fault' in outcome ? [noteTextFault(db, found, outcome.fault)] : [keepText(db, found, outcome.text)];
    }),
    passOn(
      db,
      done.map(({ event_id }) => event_id),
      'file.added',
    ),
  ],
};

async function textOf({ files, fileWork }: Worker, { object_key, version_id, content_type }: UnreadFile) {
  const isPaper = content_type === 'application/pdf';
  if (isPaper && !fileWork) throw new Error('PDFs are read at the origin alone.');
  const version = version_id === null ? {} : { version: version_id };
  const got = await files.get(object_key, isPaper ? version : { ...version, range: TEXT_RANGE });
  if (!got?.body) throw new FileFault('missing', 'Storage has no such version.');
  if (isPaper && fileWork) return kept(await fileWork.textOf(got.body));
  return decoded(new Uint8Array(await new Response(got.body).arrayBuffer()));
}
