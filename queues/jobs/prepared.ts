import type { AddedFile, PreparedFile, StoredObject } from '../../db/files.ts';
import type { Event } from '../../domain/event.ts';
import { type Files, keyFor, type WrittenFile } from '../../domain/file.ts';
import { FileFault } from '../../domain/file-fault.ts';
import { type FileType, type ImageType, isImage } from '../../domain/file-type.ts';
import { receive } from '../../domain/incoming-file.ts';
import { sha256 as sha256Of } from '../../domain/session.ts';
import type { Worker } from '../../usecases/ports.ts';

type Kind = Extract<Event, { type: 'file.added' }>['kind'];
type Arrived = { content_type: FileType; body: AsyncIterable<Uint8Array> };

/**
 * Stores a file under a key that nobody was ever given: whoever had a presigned URL may write there again, which would
 * make the version that was claimed an old one, and storage deletes those. Run again, it stores again; what no row names
 * in the end is found by the reconciler.
 */
export async function prepared(worker: Worker, kind: Kind, file: AddedFile): Promise<PreparedFile> {
  const { files } = worker;
  const arrived = await arrivedOf(files, file);
  const { content_type } = arrived;
  if (isImage(content_type)) return await preparePicture(worker, kind, file, { ...arrived, content_type });
  const object_key = keyFor(kind);
  const written = await files.put(object_key, arrived.body, { content_type, content_length: file.size });
  if (file.sha256 !== null && file.sha256 !== written.sha256) {
    await files.delete(object_key, written.version);
    throw mismatch();
  }
  return { stored: storedAs(object_key, content_type, written), variants: [] };
}

/** The one version that was claimed, as long as its row says, and of the kind that it is called. */
async function arrivedOf(files: Files, { object_key, version_id, size, ...claims }: AddedFile): Promise<Arrived> {
  const got = await files.get(object_key, version_id === null ? {} : { version: version_id });
  if (!got?.body) throw new FileFault('missing', 'Storage has no such version.');
  if (got.size !== size) {
    await got.body.cancel();
    throw new FileFault('file_size_mismatch', `The file has ${got.size} bytes, not ${size}.`);
  }
  return await receive(got.body, { ...claims, max_bytes: size });
}

async function preparePicture(
  { files, fileWork }: Worker,
  kind: Kind,
  { size, sha256 }: AddedFile,
  { body, content_type }: Arrived & { content_type: ImageType },
): Promise<PreparedFile> {
  if (!fileWork) throw new Error('Pictures are worked on at the origin alone.');
  const original = await whole(body, size);
  if (sha256 !== null && sha256 !== sha256Of(original)) throw mismatch();
  const { picture, smaller } = await fileWork.prepare(original, content_type);
  const object_key = keyFor(kind);
  const [stored, variants] = await Promise.all([
    files.put(object_key, picture, { content_type }).then((written) => storedAs(object_key, content_type, written)),
    Promise.all(
      smaller.map(async ({ bytes, content_type, ...shape }) => {
        const variant_key = keyFor('variant');
        const written = await files.put(variant_key, bytes, { content_type });
        return { ...storedAs(variant_key, content_type, written), ...shape };
      }),
    ),
  ]);
  return { stored, variants };
}

/** Chunks are good until the next one. */
async function whole(body: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const chunk of body) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const mismatch = () => new FileFault('sha256_mismatch', 'The file is not the one whose SHA-256 was promised.');

const storedAs = (object_key: string, content_type: string, written: WrittenFile): StoredObject => {
  const { version, size, sha256 } = written;
  return { object_key, version_id: version, content_type, size, sha256 };
};
