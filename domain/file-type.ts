import * as z from 'zod';

/** What may be stored: photos, papers, plain text. Nothing that runs, unpacks or fetches something when it is opened. */
export const FileType = z.enum([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/heic',
  'image/heif',
  'application/pdf',
  'text/plain',
  'text/csv',
]);
export type FileType = z.infer<typeof FileType>;
export type ImageType = Extract<FileType, `image/${string}`>;

export const isImage = (type: FileType): type is ImageType => type.startsWith('image/');

/** What a file's bytes can show: bytes cannot tell a table from other text, and phones mix the names of HEIF. */
export type Kind = 'jpeg' | 'png' | 'webp' | 'heif' | 'pdf' | 'text';

const KINDS: Record<FileType, Kind> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heif',
  'image/heif': 'heif',
  'application/pdf': 'pdf',
  'text/plain': 'text',
  'text/csv': 'text',
};
export const kindOf = (type: FileType): Kind => KINDS[type];

const EXTENSIONS: Record<string, FileType> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  hif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  text: 'text/plain',
  csv: 'text/csv',
};

/** What clients call some of them too. */
const ALIASES: Record<string, FileType> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heif',
  'application/x-pdf': 'application/pdf',
  'application/csv': 'text/csv',
};

/** A claim is an allowed type, something else (`other`), or none at all. */
export type Claim = FileType | 'other' | null;

/** What a name says by what follows its last dot. */
export function typeByName(filename: string | null): Claim {
  const [, extension] = /\.([^.\s/\\]{1,10})\s*$/.exec(filename ?? '') ?? [];
  if (extension === undefined) return null;
  const name = extension.toLowerCase();
  return (Object.hasOwn(EXTENSIONS, name) && EXTENSIONS[name]) || 'other';
}

/** What a Content-Type header says. `application/octet-stream` says nothing. */
export function typeByHeader(content_type: string | null): Claim {
  const name = content_type?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'application/octet-stream') return null;
  if (Object.hasOwn(ALIASES, name)) return ALIASES[name] ?? null;
  return FileType.safeParse(name).data ?? 'other';
}
