import type { ImageType } from './file-type.ts';
import type { MediaVariant } from './media.ts';

/** The longest side of each smaller picture. */
export const SIDES: Record<MediaVariant, number> = { thumbnail: 320, medium: 1280 };
/** What is kept of a text, in UTF-16 units: far more than search looks at. */
export const TEXT_LENGTH_MAX = 1_000_000;

/** Upright, and nothing but the picture. */
type SmallerPicture = {
  kind: MediaVariant;
  content_type: 'image/jpeg';
  width: number;
  height: number;
  bytes: Uint8Array;
};

type PreparedPicture = {
  /** The same picture without where it was taken. */
  picture: Uint8Array;
  smaller: SmallerPicture[];
};

/** What decodes files of strangers, within bounds of memory and time. Rejects with a `FileFault` if they are to blame. */
export type FileWork = {
  prepare(picture: Uint8Array, type: ImageType): Promise<PreparedPicture>;
  /** What a PDF says; nothing if it is made of pictures. */
  textOf(pdf: AsyncIterable<Uint8Array>): Promise<string>;
};
