import { AppError, type ErrorCode } from './errors.ts';
import { type Claim, type FileType, type Kind, kindOf, typeByHeader, typeByName } from './file-type.ts';
import { heifTypeOf } from './images/heif.ts';

/** How far into a file the readers of another kind look for their signature. */
const PREAMBLE_BYTES = 1024;
/** An archive's directory ends at most this long before the file does. */
export const TAIL_BYTES = 22 + 0xffff;

type Claims = { filename: string | null; content_type: string | null };

/** What the beginning of a file is, if that is allowed and agrees with what it is called. */
export function sniff(head: Uint8Array, { filename, content_type }: Claims): FileType {
  if (head.length === 0) throw new AppError('file_empty', 'The file is empty.');
  const claims = [typeByName(filename), typeByHeader(content_type)].filter((claim) => claim !== null);
  const kind = recognise(head);
  if (kind === 'polyglot') throw refusal('file_polyglot');
  const isAllowed = kind !== 'markup' && kind !== 'archive' && kind !== 'unknown';
  if (isAllowed && claims.every((claim) => fits(claim, kind))) return typeOf(kind, head, claims);
  if (isAllowed || claims.some((claim) => claim !== 'other')) throw refusal('file_type_mismatch');
  throw refusal(REFUSALS[kind]);
}

/** Refuses a file whose end makes an archive of it too. */
export function checkTail(tail: Uint8Array): void {
  for (let at = tail.indexOf(0x50); at >= 0; at = tail.indexOf(0x50, at + 1)) {
    // The end of a directory, of one volume; its comment may be followed by anything.
    if (beginsWith(tail, '504b050600000000', at) && at + 22 <= tail.length) throw refusal('file_polyglot');
  }
}

const fits = (claim: Claim, kind: Kind): boolean => claim !== null && claim !== 'other' && kindOf(claim) === kind;

function typeOf(kind: Kind, head: Uint8Array, claims: Claim[]): FileType {
  if (kind === 'text') return claims.includes('text/csv') ? 'text/csv' : 'text/plain';
  if (kind === 'heif') return heifTypeOf(head) ?? 'image/heif';
  return kind === 'pdf' ? 'application/pdf' : (`image/${kind}` as const);
}

type Recognised = Kind | 'markup' | 'archive' | 'polyglot' | 'unknown';

const SIGNATURES: [signature: string, recognised: Recognised, at?: number][] = [
  ['ffd8ff', 'jpeg'],
  ['89504e470d0a1a0a', 'png'],
  ['255044462d', 'pdf'],
  ['504b0304', 'archive'],
  ['504b0506', 'archive'],
  ['1f8b08', 'archive'],
  ['314159265359', 'archive', 4],
  ['fd377a585a00', 'archive'],
  ['28b52ffd', 'archive'],
  ['377abcaf271c', 'archive'],
  ['526172211a07', 'archive'],
  ['7573746172', 'archive', 257],
];

function recognise(head: Uint8Array): Recognised {
  const preamble = Array.from(head.subarray(0, PREAMBLE_BYTES), (byte) => String.fromCharCode(byte)).join('');
  const found = kindBySignature(head);
  // PDF readers forgive what stands before the header; we do not, nor a page that calls itself a PDF.
  if (found !== 'pdf' && preamble.includes('%PDF-')) return 'polyglot';
  if (found === 'pdf' && /<(!doctype|html|head|body|script|svg|iframe|\?php)\b/i.test(preamble)) return 'polyglot';
  return found ?? recogniseText(head);
}

function kindBySignature(head: Uint8Array): Recognised | undefined {
  if (beginsWith(head, '52494646') && beginsWith(head, '57454250', 8)) return 'webp';
  if (heifTypeOf(head)) return 'heif';
  return SIGNATURES.find(([signature, , at]) => beginsWith(head, signature, at))?.[1];
}

function recogniseText(head: Uint8Array): Recognised {
  let text: string;
  try {
    // The head may end inside a character, which is why more is said to come.
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch (error) {
    if (error instanceof TypeError) return 'unknown';
    throw error;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from anything else
  if (/[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/.test(text)) return 'unknown';
  return /^\s*<[a-z!?/]/i.test(text) ? 'markup' : 'text';
}

function beginsWith(bytes: Uint8Array, signature: string, at = 0): boolean {
  const length = signature.length / 2;
  const part = Array.from(bytes.subarray(at, at + length), (byte) => byte.toString(16).padStart(2, '0'));
  return part.join('') === signature;
}

const REFUSALS = {
  markup: 'file_active_content',
  archive: 'file_archive_refused',
  unknown: 'file_type_refused',
} as const;

const SENTENCES = {
  file_polyglot: 'The file is of two kinds at once.',
  file_type_mismatch: 'The file is not what its name or type says.',
  file_active_content: 'Pages, SVG and other markup are not stored.',
  file_archive_refused: 'Archives are not stored; send what is in them.',
  file_type_refused: 'Only JPEG, PNG, WebP and HEIC photos, PDFs and plain text in UTF-8 are stored.',
} satisfies Partial<Record<ErrorCode, string>>;

const refusal = (code: keyof typeof SENTENCES): AppError => new AppError(code, SENTENCES[code]);
