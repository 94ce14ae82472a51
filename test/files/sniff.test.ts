import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import { checkDimensions } from '../../domain/image-metadata.ts';
import { examine } from '../../domain/incoming-file.ts';
import { checkTail } from '../../domain/sniff.ts';
import { heic } from './photos.ts';

const text = (words: string) => new TextEncoder().encode(words);
const raw = sharp(Buffer.alloc(8 * 4 * 3, 99), { raw: { width: 8, height: 4, channels: 3 } });
const encoded = (format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif') => raw.clone()[format]().toBuffer();
const [jpeg, png, webp] = await Promise.all([encoded('jpeg'), encoded('png'), encoded('webp')]);
const [gif, avif] = await Promise.all([encoded('gif'), encoded('avif')]);
const pdf = text('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF\n');
const html = text('<!doctype html><script>alert(document.domain)</script>');
const svg = text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
const bomb = zip(Buffer.alloc(10_000_000));

type Case = [what: string, bytes: Uint8Array, filename: string | null, content_type: string | null, outcome: string];

test.for<Case>([
  ['a photo', jpeg, 'IMG_1.JPG', 'image/jpeg', 'image/jpeg'],
  ['a photo without a name', jpeg, null, null, 'image/jpeg'],
  ['a photo by its old type', jpeg, 'a.jpeg', 'image/jpg', 'image/jpeg'],
  ['a photo of unknown type', jpeg, 'a.b.jpe', 'application/octet-stream', 'image/jpeg'],
  ['a PNG', png, 'plan.png', 'image/png; x=1', 'image/png'],
  ['a WebP', webp, 'a.webp', 'image/webp', 'image/webp'],
  ['a HEIC', heic(), 'IMG_2.HEIC', 'image/heic', 'image/heic'],
  ['a HEIC by its other name', heic(), 'IMG_2.heif', 'image/heif', 'image/heic'],
  ['a PDF', pdf, 'manual.pdf', 'application/pdf', 'application/pdf'],
  ['a name without a dot', pdf, 'manual', null, 'application/pdf'],
  ['a text', text('Filter: 濾紙\r\n\t16×20\n'), 'notes.txt', 'text/plain; charset=utf-8', 'text/plain'],
  ['a text with a mark', text('\uFEFFFilter'), 'notes.txt', null, 'text/plain'],
  ['a table', text('a,b\n1,2\n'), 'costs.csv', null, 'text/csv'],
  ['a table by its type', text('a,b\n1,2\n'), null, 'text/csv', 'text/csv'],
  ['a comparison', text('1 < 2, <3 and a <b>'), 'a.txt', null, 'text/plain'],

  ['nothing', new Uint8Array(0), 'a.jpg', 'image/jpeg', 'file_empty'],
  ['HTML as PDF', html, 'manual.pdf', 'application/pdf', 'file_type_mismatch'],
  ['HTML as a photo by type alone', html, null, 'image/jpeg', 'file_type_mismatch'],
  ['HTML as text', html, 'notes.txt', 'text/plain', 'file_type_mismatch'],
  ['SVG as PNG', svg, 'logo.png', 'image/png', 'file_type_mismatch'],
  ['a PDF as a photo', pdf, 'a.jpg', null, 'file_type_mismatch'],
  ['a photo as a program', jpeg, 'a.jpg.exe', null, 'file_type_mismatch'],
  ['a photo as a page', jpeg, null, 'text/html', 'file_type_mismatch'],
  ['two claims that differ', jpeg, 'a.jpg', 'image/png', 'file_type_mismatch'],
  ['an archive as PDF', bomb, 'manual.pdf', null, 'file_type_mismatch'],
  ['junk as PDF', text('\x00\x01'), 'manual.pdf', null, 'file_type_mismatch'],
  ['HTML', html, 'page.html', 'text/html', 'file_active_content'],
  ['HTML behind spaces', text(' \n\uFEFF <b>'), null, null, 'file_active_content'],
  ['SVG', svg, 'logo.svg', 'image/svg+xml', 'file_active_content'],
  ['a bomb', bomb, 'bomb.zip', 'application/zip', 'file_archive_refused'],
  ['a compressed bomb', gzipSync(Buffer.alloc(10_000_000)), 'bomb.gz', null, 'file_archive_refused'],
  ['an office file', bomb, 'offer.docx', null, 'file_archive_refused'],
  ['a GIF', gif, 'a.gif', 'image/gif', 'file_type_refused'],
  ['an AVIF', avif, 'a.avif', 'image/avif', 'file_type_refused'],
  ['a program', text('\x7fELF\x02\x01\x01\x00'), null, null, 'file_type_refused'],
  ['Latin-1', Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65), null, null, 'file_type_refused'],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x41, 0), null, null, 'file_type_refused'],
  ['a PDF behind HTML', Buffer.concat([html, pdf]), 'manual.pdf', null, 'file_polyglot'],
  ['a PDF within a PNG', Buffer.concat([png, pdf]), 'a.png', null, 'file_polyglot'],
  ['a page within a PDF', text('%PDF-1.7\n<SCRIPT>alert(1)</SCRIPT>'), 'a.pdf', null, 'file_polyglot'],
  ['half a photo', jpeg.subarray(0, 30), 'a.jpg', null, 'file_damaged'],
  ['half a PNG', png.subarray(0, 20), 'a.png', null, 'file_damaged'],
])('%s', ([, bytes, filename, content_type, outcome]) => {
  const answer = () => examine(bytes, { filename, content_type });
  if (outcome.startsWith('file_')) expect(answer).toThrow(expect.objectContaining({ code: outcome }));
  else expect(answer()).toBe(outcome);
});

test('a character that the head cuts in two is still text', () => {
  expect(examine(text('濾紙').subarray(0, 5), { filename: 'a.txt', content_type: null })).toBe('text/plain');
});

test.for([
  ['png', 65_000, 1, 'image_too_large'],
  ['png', 16_384, 12_207, 'fits'],
  ['png', 16_384, 12_208, 'image_too_large'],
  ['png', 0, 1, 'file_damaged'],
  ['jpeg', 65_000, 65_000, 'image_too_large'],
  ['jpeg', 1, 16_385, 'image_too_large'],
  ['jpeg', 16_320, 12_240, 'fits'],
  ['webp', 16_383, 16_383, 'image_too_large'],
  ['webp', 9000, 9000, 'fits'],
] as const)('a %s of %d × %d: %s', async ([format, width, height, outcome]) => {
  const bytes = Buffer.from({ png, jpeg, webp }[format]);
  if (format === 'png') bytes.writeUInt32BE(width, 16);
  if (format === 'png') bytes.writeUInt32BE(height, 20);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  if (format === 'jpeg') bytes.writeUInt16BE(height, frame + 5);
  if (format === 'jpeg') bytes.writeUInt16BE(width, frame + 7);
  if (format === 'webp') bytes.writeUInt16LE(width, 26);
  if (format === 'webp') bytes.writeUInt16LE(height, 28);
  const answer = () => examine(bytes, { filename: null, content_type: null });
  if (outcome === 'fits') {
    expect(answer()).toBe(`image/${format}`);
    expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
  } else expect(answer).toThrow(expect.objectContaining({ code: outcome }));
});

test('a WebP has its size in one of three places', async () => {
  const wide = sharp({ create: { width: 301, height: 207, channels: 4, background: '#0008' } });
  const lossy = wide.clone().removeAlpha().webp();
  const lossless = wide.clone().webp({ lossless: true });
  const extended = wide.clone().withMetadata().webp();
  for (const [name, image] of Object.entries({ 'VP8 ': lossy, VP8L: lossless, VP8X: extended })) {
    const bytes = await image.toBuffer();
    expect(bytes.toString('latin1', 12, 16)).toBe(name);
    expect(checkDimensions(bytes, 'image/webp')).toEqual({ width: 301, height: 207 });
  }
});

test('an archive at the end makes two files of one', () => {
  expect(() => checkTail(pdf)).not.toThrow();
  expect(() => checkTail(text('PK and P and PK\u0005\u0006 alone'))).not.toThrow();
  const hidden = zip(Buffer.from('hidden'));
  for (const rest of ['', '\n%%EOF\n', 'x'.repeat(1000)]) {
    const both = Buffer.concat([jpeg, hidden, Buffer.from(rest)]);
    expect(() => checkTail(both)).toThrow(expect.objectContaining({ code: 'file_polyglot' }));
  }
});

test('no bytes make it stumble', () => {
  const seeds = [jpeg, png, webp, heic(), pdf, svg, bomb.subarray(0, 100)];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }), fc.nat(400))
      .map(([seed, changes, length]) => {
        const changed = new Uint8Array(seed.subarray(0, length));
        for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
        return changed;
      }),
  );
  const property = fc.property(
    bytes,
    fc.option(fc.string()),
    fc.option(fc.string()),
    (head, filename, content_type) => {
      try {
        expect(examine(head, { filename, content_type })).toEqual(expect.any(String));
        checkTail(head);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.code).toMatch(/^(file|image)_/);
      }
    },
  );
  fc.assert(property, { numRuns: 1000 });
});

/** What tells an archive: how it begins, and how it ends. */
function zip(data: Buffer): Buffer {
  const begin = Buffer.from(`504b0304${'00'.repeat(26)}`, 'hex');
  return Buffer.concat([begin, deflateRawSync(data), Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex')]);
}
