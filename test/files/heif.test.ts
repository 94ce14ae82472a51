import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import { checkDimensions, stripLocation } from '../../domain/image-metadata.ts';
import { described, type Picture, photo, toldBy } from './photos.ts';

const PICTURE: Picture = { width: 8, height: 4, pixels: new Uint8Array(8 * 4 * 3).fill(99) };
const TOLD = { latitude: 30.267, longitude: -97.743, orientation: 6 };

/** How a writer may say where its items lie. */
const layouts = fc.record({
  version: fc.constantFrom(0, 1, 2),
  offsetSize: fc.constantFrom(4, 8),
  lengthSize: fc.constantFrom(4, 8),
  baseSize: fc.constantFrom(0, 4, 8),
  indexSize: fc.constantFrom(0, 4),
  isInIdat: fc.boolean(),
  isWide: fc.boolean(),
  pieces: fc.integer({ min: 1, max: 4 }),
});
type Layout = typeof layouts extends fc.Arbitrary<infer T> ? T : never;

test('wherever the items lie, the pictures stay and all that is told goes', async () => {
  const camera = await photo('jpeg', PICTURE, TOLD);
  const { exif } = await sharp(camera).metadata();
  if (!exif) throw new Error('The photo has no Exif.');
  const picture = randomBytes(200);
  const items = [
    { type: 'hvc1', data: picture },
    { type: 'Exif', data: Buffer.concat([number(6, 4), exif]) },
    { type: 'mime', data: Buffer.from(`<x:xmpmeta ${described(TOLD)}>`) },
    { type: 'jpeg', data: camera },
    { type: 'uri ', data: Buffer.from(described(TOLD)) },
  ];
  expect(toldBy(exif.subarray(6))).toMatchObject({ place: expect.anything(), orientation: 6 });
  const property = fc.property(layouts, (layout) => {
    const { bytes, find } = heif(items, layout);
    const stripped = Buffer.from(stripLocation(bytes, 'image/heic'));
    expect(stripped).toHaveLength(bytes.length);
    expect(stripped.includes(described(TOLD))).toBe(false);
    expect(find(stripped, 0)).toEqual(picture);
    expect(toldBy(find(stripped, 1).subarray(4))).toMatchObject({ place: undefined, orientation: 6 });
    expect(find(stripped, 2).every((byte) => byte === 0)).toBe(true);
    expect(toldBy(find(stripped, 3))).toMatchObject({ place: undefined, make: undefined, orientation: 6 });
    expect(stripped.subarray(0, 40)).toEqual(bytes.subarray(0, 40));
  });
  fc.assert(property, { numRuns: 100 });
});

test('an item that cannot be reached is no reason to let it pass', () => {
  const items = [{ type: 'hvc1', data: randomBytes(10) }];
  const plain: Layout = {
    version: 1,
    offsetSize: 4,
    lengthSize: 4,
    baseSize: 0,
    indexSize: 0,
    isInIdat: false,
    isWide: false,
    pieces: 1,
  };
  const { bytes } = heif(items, plain);
  expect(() => stripLocation(bytes, 'image/heic')).not.toThrow();
  const at = bytes.indexOf('iloc') + 4 + 4 + 2 + 2 + 2;
  const elsewhere = Buffer.from(bytes);
  elsewhere[at + 3] = 1; // of another file
  const derived = Buffer.from(bytes);
  derived[at + 1] = 2; // of another item
  for (const broken of [elsewhere, derived, bytes.subarray(0, -1)]) {
    expect(() => stripLocation(broken, 'image/heic')).toThrow(AppError);
  }
});

test('its size is the largest that any part claims', () => {
  const sizes = [
    [512, 512],
    [4032, 3024],
    [160, 120],
  ].map(([width = 0, height = 0]) => box('ispe', number(0, 4), number(width, 4), number(height, 4)));
  const file = (...properties: Buffer[]) =>
    Buffer.concat([
      box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')),
      box('meta', number(0, 4), box('iprp', box('ipco', ...properties))),
    ]);
  expect(checkDimensions(file(...sizes), 'image/heic')).toEqual({ width: 4032, height: 3024 });
  expect(() => checkDimensions(file(), 'image/heic')).toThrow('damaged');
  const huge = box('ispe', number(0, 4), number(65_000, 4), number(65_000, 4));
  expect(() => checkDimensions(file(...sizes, huge), 'image/heic')).toThrow('pixels a side');
});

/** A HEIF file of these items, and where to find each of them in it. */
function heif(items: { type: string; data: Buffer | Uint8Array }[], layout: Layout) {
  const { isInIdat, isWide, pieces } = layout;
  const ftyp = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic'));
  const idBytes = isWide ? 4 : 2;
  const infes = items.map(({ type }, index) =>
    box(
      'infe',
      number(isWide ? 0x03000000 : 0x02000000, 4),
      number(index + 1, idBytes),
      number(0, 2),
      Buffer.from(`${type}\0`),
    ),
  );
  const iinf = box('iinf', number(0, 4), number(items.length, 2), ...infes);
  const data = Buffer.concat(items.map((item) => item.data));
  const method = layout.version > 0 && isInIdat ? 1 : 0;
  const idat = method === 1 ? [box('idat', data)] : [];
  // Written once to learn how long it is, and once with where the data begin.
  const metaWith = (start: number) =>
    box('meta', number(0, 4), box('hdlr', Buffer.from('pict')), iinf, iloc(items, layout, method, start), ...idat);
  const dataAt = ftyp.length + metaWith(0).length + 8;
  const meta = metaWith(method === 1 ? 0 : dataAt);
  const bytes = Buffer.concat([ftyp, meta, box('mdat', method === 1 ? Buffer.from('none') : data)]);
  const first = method === 1 ? ftyp.length + meta.length - data.length : dataAt;
  const find = (within: Buffer, wanted: number) => {
    const before = items.slice(0, wanted).reduce((sum, item) => sum + item.data.length, 0);
    return within.subarray(first + before, first + before + (items[wanted]?.data.length ?? 0));
  };
  return { bytes, find, pieces };
}

function iloc(items: { data: Uint8Array }[], layout: Layout, method: number, start: number): Buffer {
  const { version, offsetSize, lengthSize, baseSize, pieces } = layout;
  const indexSize = version === 0 ? 0 : layout.indexSize;
  let next = start;
  const rows = items.map(({ data }, index) => {
    const base = baseSize === 0 ? 0 : next;
    const step = Math.ceil(data.length / pieces);
    const extents: Buffer[] = [];
    for (let at = 0; at < data.length; at += step) {
      const length = Math.min(step, data.length - at);
      extents.push(number(0, indexSize), number(next + at - base, offsetSize), number(length, lengthSize));
    }
    next += data.length;
    return Buffer.concat([
      number(index + 1, version === 2 ? 4 : 2),
      ...(version === 0 ? [] : [number(method, 2)]),
      number(0, 2),
      number(base, baseSize),
      number(extents.length / 3, 2),
      ...extents,
    ]);
  });
  const sizes = number((offsetSize << 12) | (lengthSize << 8) | (baseSize << 4) | indexSize, 2);
  return box('iloc', number(version << 24, 4), sizes, number(items.length, version === 2 ? 4 : 2), ...rows);
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([number(8 + body.length, 4), Buffer.from(type), body]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer.subarray(8 - bytes);
}
