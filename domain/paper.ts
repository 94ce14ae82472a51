import type { WrittenFile } from './file.ts';
import type { OpenJob } from './long-job.ts';

/** A file while it is being made: nothing holds the whole of it. */
type Paper = { filename: string; content_type: string; body: AsyncIterable<Uint8Array> };

/** Says how far it is, in percent. Throws `Stopped` once nobody wants it any more. */
export type Progress = (percent: number) => Promise<void>;

/** Makes what takes long and needs large libraries: at the origin alone. */
export type MakePaper = (job: OpenJob, progress: Progress) => Promise<Paper>;

/** A file that lies in storage. */
export type Made = Omit<Paper, 'body'> &
  Pick<WrittenFile, 'size' | 'sha256'> & { object_key: string; version_id: string };

/** It was cancelled meanwhile, or another attempt has taken it over. */
export class Stopped extends Error {
  constructor() {
    super('Nobody waits for this any more.');
    this.name = 'Stopped';
  }
}
