import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import type { ImageType } from '../../domain/file-type.ts';
import { stripLocation } from '../../domain/image-metadata.ts';
import { described, heic, type Picture, photo, pixelsOf, pixelsOfHeic, TAKEN, toldBy } from './photos.ts';

const pictures: fc.Arbitrary<Picture> = fc
  .record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }) })
  .chain(({ width, height }) => {
    const length = width * height * 3;
    return fc.uint8Array({ minLength: length, maxLength: length }).map((pixels) => ({ width, height, pixels }));
  });
const angle = (max: number) => fc.integer({ min: -max * 1000, max: max * 1000 }).map((value) => value / 1000);
const tolds = fc.record({ latitude: angle(89), longitude: angle(179), orientation: fc.integer({ min: 1, max: 8 }) });

const PICTURE: Picture = { width: 8, height: 4, pixels: new Uint8Array(8 * 4 * 3).fill(99) };
const TOLD = { latitude: 30.267, longitude: -97.743, orientation: 6 };
const includes = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text);

test.for([
  ['jpeg', {}],
  ['jpeg', { progressive: true, chromaSubsampling: '4:4:4' }],
  ['jpeg', { optimiseCoding: false, quality: 100 }],
  ['png', {}],
  ['png', { palette: true, progressive: true }],
  ['webp', {}],
  ['webp', { lossless: true }],
] as const)('%s %o: the pixels, the turn and the date stay, the place goes', async ([format, options]) => {
  const property = fc.asyncProperty(pictures, tolds, async (picture, told) => {
    const original = await photo(format, picture, told, options);
    expect(toldBy(original)).toMatchObject({ place: expect.anything(), make: 'Honey' });
    expect(await sharp(original).metadata()).toMatchObject({ exif: expect.anything(), xmp: expect.anything() });
    const stripped = stripLocation(original, `image/${format}`);
    const left = { hasMore: false, orientation: told.orientation, taken: TAKEN };
    expect(toldBy(stripped)).toEqual({ ...left, place: undefined, make: undefined });
    expect(includes(stripped, described(told))).toBe(false);
    expect(await pixelsOf(stripped)).toEqual(await pixelsOf(original));
    const { icc, xmp } = await sharp(stripped).metadata();
    expect([icc, xmp]).toEqual([(await sharp(original).metadata()).icc, undefined]);
    expect(stripLocation(stripped, `image/${format}`)).toEqual(stripped);
  });
  await fc.assert(property, { numRuns: 15 });
});

test('HEIC: the pixels stay, the place goes, and nothing moves', async () => {
  const original = heic();
  expect(toldBy(original)).toMatchObject({
    place: { Latitude: expect.closeTo(30.267, 2) },
    hasMore: true,
    taken: TAKEN,
  });
  const stripped = stripLocation(original, 'image/heic');
  expect(toldBy(stripped)).toMatchObject({ place: undefined, hasMore: false, make: undefined, taken: TAKEN });
  expect(stripped).toHaveLength(original.length);
  expect(await pixelsOfHeic(stripped)).toEqual(await pixelsOfHeic(original));
  expect(stripLocation(stripped, 'image/heic')).toEqual(stripped);
});

test('what is not a picture comes back as it is', () => {
  const bytes = new TextEncoder().encode('%PDF-1.7');
  expect(stripLocation(bytes, 'application/pdf')).toBe(bytes);
  expect(stripLocation(bytes, 'text/plain')).toBe(bytes);
});

test('what a camera appends goes too', async () => {
  const told = { ...TOLD, latitude: 12.345 };
  const film = new TextEncoder().encode(`ftypmp42 ©xyz ${described(told)}`);
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    const original = await photo(format, PICTURE, TOLD);
    const followed = Buffer.concat([original, film, await photo('jpeg', PICTURE, told)]);
    expect(stripLocation(followed, `image/${format}`)).toEqual(stripLocation(original, `image/${format}`));
  }
  const box = Buffer.concat([Buffer.from([0, 0, 0, 8 + film.length]), Buffer.from('mpvd'), film]);
  const stripped = stripLocation(Buffer.concat([heic(), box, film]), 'image/heic');
  expect(stripped).toHaveLength(heic().length + box.length);
  expect(includes(stripped, described(told))).toBe(false);
  expect(await pixelsOfHeic(stripped)).toEqual(await pixelsOfHeic(heic()));
});

test('segments that tell go, the ones that colour stay', async () => {
  const original = await photo('jpeg', PICTURE, { ...TOLD });
  const segment = (marker: number, text: string) =>
    Buffer.concat([Buffer.from([0xff, marker, 0, 2 + text.length]), Buffer.from(text, 'latin1')]);
  const telling = [
    segment(0xfe, 'a comment at home'),
    segment(0xed, 'Photoshop 3.0\0 at home'),
    segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0 at home'),
    segment(0xe2, 'MPF\0 at home'),
    segment(0xe4, 'Samsung at home'),
    segment(0xe0, 'JFXX\0 at home'),
  ];
  const colouring = segment(0xee, 'Adobe\0d\0\0\0\0\x01');
  const full = Buffer.concat([
    original.subarray(0, 2),
    ...telling,
    colouring,
    Buffer.from([0, 0xff]),
    original.subarray(2),
  ]);
  const stripped = Buffer.from(stripLocation(full, 'image/jpeg'));
  expect(stripped.includes('at home')).toBe(false);
  expect(stripped.includes(colouring)).toBe(true);
  expect(await pixelsOf(stripped)).toEqual(await pixelsOf(full));
});

test('chunks that tell go, and the ones that stay are whole', async () => {
  const original = Buffer.from(await photo('png', PICTURE, TOLD));
  const telling = ['tEXt', 'zTXt', 'iTXt', 'tIME', 'prVt'].map((type) => chunk(type, 'at home'));
  const after = original.indexOf('IDAT') - 4;
  const full = Buffer.concat([original.subarray(0, after), ...telling, original.subarray(after)]);
  const stripped = Buffer.from(stripLocation(full, 'image/png'));
  expect(stripped.includes('at home')).toBe(false);
  expect(stripped.includes('eXIf')).toBe(true);
  for (let at = 8; at < stripped.length; ) {
    const length = stripped.readUInt32BE(at);
    const sum = crc32(stripped.subarray(at + 4, at + 8 + length));
    expect(stripped.readUInt32BE(at + 8 + length)).toBe(sum);
    at += 12 + length;
  }

  const webp = Buffer.from(stripLocation(await photo('webp', PICTURE, TOLD), 'image/webp'));
  const [EXIF, XMP] = [0x08, 0x04];
  expect(webp.toString('latin1', 12, 16)).toBe('VP8X');
  expect(webp.readUInt8(20) & (EXIF | XMP)).toBe(EXIF);
});

function chunk(type: string, text: string): Buffer {
  const body = Buffer.from(type + text);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(text.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

test('a picture without anything told stays as it is', async () => {
  const raw = sharp(PICTURE.pixels, { raw: { width: 8, height: 4, channels: 3 } });
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    const bytes = new Uint8Array(await raw.clone()[format]().toBuffer());
    expect(stripLocation(bytes, `image/${format}`)).toEqual(bytes);
  }
});

test('an animation keeps its frames', async () => {
  const frames = Buffer.concat([0, 90, 180].map((value) => Buffer.alloc(8 * 4 * 3, value)));
  const raw = { width: 8, height: 12, channels: 3, pageHeight: 4 } as const;
  const bytes = await sharp(frames, { raw }).webp({ lossless: true }).toBuffer();
  const { pages } = await sharp(stripLocation(bytes, 'image/webp'), { animated: true }).metadata();
  expect(pages).toBe(3);
});

test('damage is refused, never passed on', async () => {
  const originals: [ImageType, Uint8Array][] = [['image/heic', heic()]];
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    originals.push([`image/${format}`, await photo(format, PICTURE, TOLD)]);
  }
  for (const [type, original] of originals) {
    const cuts = fc.record({
      length: fc.integer({ min: 0, max: original.length }),
      changes: fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 5 }),
    });
    const property = fc.property(cuts, ({ length, changes }) => {
      const bytes = new Uint8Array(original.subarray(0, length));
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      try {
        expect(includes(stripLocation(bytes, type), described(TOLD))).toBe(false);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.code).toBe('file_damaged');
      }
    });
    fc.assert(property, { numRuns: 300 });
  }
});
