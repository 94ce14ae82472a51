import { create, parse } from 'content-disposition';
import type { Disposition } from './file.ts';

const NAME_CHARACTERS_MAX = 120;
/** Of a name that is longer than any, only its end is looked at. */
const NAME_UNITS_READ = 2000;

/** The header that names a file to whoever saves it (RFC 6266), in ASCII and, if that is not all, in UTF-8. */
export const contentDisposition = (type: Disposition, filename: string): string =>
  create(safeFilename(filename), { type });

/** What the header of a form's part says of it: its `name` and, of a file, its `filename`. */
export const partDisposition = (header: string): Record<string, string | undefined> =>
  parse(header, { multipart: true }).parameters;

/** A name that is only a name: no folders, nothing invisible, nothing that turns its letters round, not too long. */
export function safeFilename(filename: string): string {
  const name = filename
    .slice(-NAME_UNITS_READ)
    .toWellFormed()
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff]+/gu, '')
    .replace(/[<>:"|?*]+/g, '_')
    .replace(/\s+/g, ' ');
  return trimmed(shortened(trimmed(name))) || 'file';
}

/** What is hidden on one system is forbidden on another. */
const trimmed = (name: string): string => name.replace(/^[. ]+|[. ]+$/g, '');

/** Cut before the extension. */
function shortened(name: string): string {
  const letters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  if (letters.length <= NAME_CHARACTERS_MAX) return name;
  const [extension = ''] = /\.[^.]{1,10}$/.exec(name) ?? [];
  return `${letters.slice(0, NAME_CHARACTERS_MAX - extension.length).join('')}${extension}`;
}
