import { safeFilename } from '../../domain/content-disposition.ts';
import { type FileCategory, keyFor } from '../../domain/file.ts';
import { receive } from '../../domain/incoming-file.ts';
import type { Ports } from '../ports.ts';

/** An object that no row names yet. */
export type NewObject = {
  object_key: string;
  version_id: string;
  filename: string | null;
  content_type: string;
  size: number;
  sha256: string;
};

type Incoming = { filename: string | null; content_type: string | null; body: AsyncIterable<Uint8Array> };

/** Stores a file as it comes, if it is what it is called; else nothing of it stays. */
export async function putFile(
  { files }: Pick<Ports, 'files'>,
  category: FileCategory,
  { filename: given, content_type: claimed, body }: Incoming,
): Promise<NewObject> {
  const filename = given === null || given.trim() === '' ? null : safeFilename(given);
  const { content_type, body: checked } = await receive(body, { filename, content_type: claimed });
  const object_key = keyFor(category);
  const { version, size, sha256 } = await files.put(object_key, checked, { content_type });
  return { object_key, version_id: version, filename, content_type, size, sha256 };
}
