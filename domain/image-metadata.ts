import { AppError } from './errors.ts';
import { type FileType, type ImageType, isImage, type Kind, kindOf } from './file-type.ts';
import type { Bytes, Dimensions } from './images/bytes.ts';
import { heifDimensions, stripHeif } from './images/heif.ts';
import { jpegDimensions, stripJpeg } from './images/jpeg.ts';
import { pngDimensions, stripPng } from './images/png.ts';
import { stripWebp, webpDimensions } from './images/webp.ts';

/** Wide enough for the largest sensor of a phone (16,320 × 12,240), small enough to be decoded. */
const SIDE_MAX = 16_384;
export const PIXELS_MAX = 200_000_000;

type ImageKind = Exclude<Kind, 'pdf' | 'text'>;

// Two tables: whoever only checks has no need of what strips.
const DIMENSIONS: Record<ImageKind, (head: Uint8Array) => Dimensions> = {
  jpeg: jpegDimensions,
  png: pngDimensions,
  webp: webpDimensions,
  heif: heifDimensions,
};
const STRIP: Record<ImageKind, (bytes: Uint8Array) => Bytes> = {
  jpeg: stripJpeg,
  png: stripPng,
  webp: stripWebp,
  heif: stripHeif,
};

/** An image's size as its header says, before it is turned; refuses what nobody should try to decode. */
export function checkDimensions(head: Uint8Array, type: ImageType): Dimensions {
  const { width, height } = DIMENSIONS[imageKindOf(type)](head);
  if (width === 0 || height === 0) throw new AppError('file_damaged', 'The picture has no size.');
  if (width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX) {
    throw new AppError('image_too_large', `The picture has more than ${SIDE_MAX} pixels a side, or too many in all.`);
  }
  return { width, height };
}

/**
 * The same picture without anything that may tell where it was taken; its date, colours and turn stay. Throws
 * `file_damaged` rather than answer with bytes that it did not understand. Papers and text come back as they are.
 */
export const stripLocation = (bytes: Uint8Array, type: FileType): Uint8Array =>
  isImage(type) ? STRIP[imageKindOf(type)](bytes) : bytes;

function imageKindOf(type: ImageType): ImageKind {
  const kind = kindOf(type);
  if (kind === 'pdf' || kind === 'text') throw new Error(`${type} is no image.`);
  return kind;
}
