import * as z from 'zod';
import { keyFor } from './file.ts';

/** What the first archive names as the one before it. */
const GENESIS = '0'.repeat(64);

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a file of archived rows says of itself, in a file beside it. Its rows are those with ids above `after_id`. */
export const ArchiveManifest = z.object({
  number: z.int().min(1),
  after_id: z.int().min(0),
  last_id: z.int().min(1),
  row_count: z.int().min(1),
  object_key: z.string(),
  version_id: z.string(),
  size: z.int(),
  sha256: Sha256,
  content_sha256: Sha256.describe('Of its lines, not compressed'),
  previous_sha256: Sha256.describe('The sha256 of the archive before'),
});
export type ArchiveManifest = z.infer<typeof ArchiveManifest>;

/** An archive as the database knows it. */
export const AuditArchive = ArchiveManifest.extend({
  manifest_key: z.string(),
  manifest_version_id: z.string(),
  manifest_sha256: Sha256,
});
export type AuditArchive = z.infer<typeof AuditArchive>;

/** What the next archive continues. */
export type ArchiveEnd = Pick<AuditArchive, 'number' | 'last_id' | 'sha256'>;
export const BEFORE_ALL: ArchiveEnd = { number: 0, last_id: 0, sha256: GENESIS };

/** What is wrong with which file. */
export type ArchiveFault = { number: number; key: string; why: string };

/** Archives what is past retention; at the origin alone, which has the time for it. */
export type ArchiveAudit = () => Promise<void>;

const nameOf = (number: number): string => String(number).padStart(8, '0');

export const rowsKey = (number: number): string => keyFor('audit', `${nameOf(number)}-rows`);
export const manifestKey = (number: number): string => keyFor('audit', `${nameOf(number)}-manifest`);

/** Where archives lie, and nothing else. */
export const ARCHIVES = 'audit/';

export const isContinued = (archive: ArchiveManifest, end: ArchiveEnd): boolean =>
  archive.number === end.number + 1 && archive.after_id === end.last_id && archive.previous_sha256 === end.sha256;
