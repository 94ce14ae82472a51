/** What may be uploaded through the API in one piece. */
export const FILE_BYTES_MAX = 50 * 1024 ** 2;
/** How long a presigned URL may live. */
export const PRESIGNED_SECONDS_MAX = 300;

/** What a file belongs to; the first part of its key. */
export type FileCategory = 'completion' | 'document' | 'variant' | 'report' | 'export' | 'audit';

/** Where a file lies. Made of nothing that anybody typed, so that it can neither be guessed nor lead anywhere else. */
export function keyFor(category: FileCategory, id: string = crypto.randomUUID()): string {
  if (!/^[0-9a-z-]{1,64}$/.test(id)) throw new Error('A key is made of generated ids alone.');
  return `${category}/${id}`;
}

/** What storage tells of one version of a file. */
export type StoredFile = {
  size: number;
  content_type: string;
  /** An MD5 in hex for a file that came in one request; no hash of anything for one that came in parts. */
  etag: string;
  version: string;
  /** As whoever wrote it said. Storage has not verified it for a presigned upload. */
  sha256: string | null;
};

export type NewFile = {
  content_type: string;
  /** How long it must be, if that is known. */
  content_length?: number;
};

export type WrittenFile = { size: number; etag: string; version: string; sha256: string };

export type ReadFile = StoredFile & {
  /** 416: the range begins after the file's end, and there is no body. */
  status: 200 | 206 | 416;
  /** Of the body; `size` is the whole file's. */
  length: number;
  content_range: string | null;
  /** Errors if the file breaks off, stalls or is longer than was said. */
  body: ReadableStream<Uint8Array> | null;
};

type PresignedPut = { method: 'PUT'; url: string; headers: Record<string, string> };

export type FileVersion = {
  key: string;
  version: string;
  size: number;
  last_modified: string;
  is_latest: boolean;
  /** What a deletion without a version leaves. Nothing of ours makes one. */
  is_delete_marker: boolean;
};

export type UnfinishedUpload = { key: string; upload_id: string; initiated_at: string };

/** Where files are kept, by versions. Whatever its fault is rejects with `storage_unavailable`. */
export type Files = {
  /**
   * A URL that takes one body: of this type, length and, if given, MD5 (base64), which storage verifies. The SHA-256
   * (hex) is only kept with the file; whoever reads the file verifies it.
   */
  presignPut(
    put: { key: string; content_type: string; content_length: number; md5?: string; sha256?: string } & Expiry,
  ): Promise<PresignedPut>;
  presignGet(
    get: { key: string; version?: string; filename: string; disposition: Disposition } & Expiry,
  ): Promise<string>;
  /** Null if there is no such file. */
  head(key: string, version?: string): Promise<StoredFile | null>;
  /** A `range` that is not one range of bytes is ignored. `size`: what the file must have, or nothing of it is given. */
  get(key: string, options?: { version?: string; range?: string; size?: number }): Promise<ReadFile | null>;
  /**
   * Whole, or not at all. Holds at most two parts of it, and of a chunk nothing once it asks for the next. What the body
   * rejects with passes through.
   */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, file: NewFile): Promise<WrittenFile>;
  /** For ever. Without a version every version goes. It may be gone already. */
  delete(key: string, version?: string): Promise<void>;
  listVersions(prefix: string, page?: Page): Promise<{ versions: FileVersion[]; next_cursor: string | null }>;
  listUploads(prefix: string, page?: Page): Promise<{ uploads: UnfinishedUpload[]; next_cursor: string | null }>;
  /** Gives up an upload that nobody will finish. It may be gone already. */
  abort(key: string, upload_id: string): Promise<void>;
  /** The same, and storage is told to which trace it belongs. */
  under?(traceparent: string): Files;
};

export type Disposition = 'inline' | 'attachment';
type Expiry = { expires_s: number };
type Page = { cursor?: string | null; limit?: number };
