import { TEXT_LENGTH_MAX } from './file-work.ts';

/** No sign takes more bytes. */
const BYTES_MAX = 4 * TEXT_LENGTH_MAX;

/** The range of a text file that can matter. */
export const TEXT_RANGE = `bytes=0-${BYTES_MAX - 1}`;

/** A text file's beginning as text. What may be stored is UTF-8; where it breaks off, half a character is left away. */
export const decoded = (bytes: Uint8Array): string => kept(new TextDecoder().decode(bytes, { stream: true }));

/** As PostgreSQL takes it: no NUL, no half of a character, and not without end. */
export const kept = (text: string): string => text.slice(0, TEXT_LENGTH_MAX).replaceAll('\0', '').toWellFormed();
