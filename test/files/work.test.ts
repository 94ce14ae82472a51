import { createDeflate } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { pdfOf, samplePdf } from '../../dev/sample-files.ts';
import { FileFault } from '../../domain/file-fault.ts';
import { fileWork } from '../../origin/files/work.ts';
import { brokenAfter, inPieces } from './storage.ts';

const AMPLE = { wall_ms: 60_000, cpu_s: 30, memory_mib: 1300 };
const BOUNDS = { ...AMPLE, memory_mib: 750 };

const faultOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  return error instanceof FileFault ? error.code : error;
};

test('what unpacks to more than a process may hold ends that process alone', async () => {
  const work = fileWork(BOUNDS);
  const packed = await deflated(Buffer.alloc(1024 ** 2, ' '), 300);
  expect(packed.length).toBeLessThan(2 * 1024 ** 2);
  const stream = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed.toString('latin1')}\nendstream`;
  expect(await faultOf(work.textOf(inPieces(pdfOf([stream]))))).toBe('file_too_complex');

  const canvas = { width: 7000, height: 7000, channels: 4, background: '#336699' } as const;
  const picture = await sharp({ create: canvas }).png({ progressive: true, compressionLevel: 1 }).toBuffer();
  expect(await faultOf(work.prepare(new Uint8Array(picture), 'image/png'))).toBe('file_too_complex');
});

test('what takes too long is given up', async () => {
  const words = await deflated(Buffer.from('BT /F1 9 Tf () Tj ET\n'.repeat(50_000)), 100);
  const stream = `<< /Length ${words.length} /Filter /FlateDecode >>\nstream\n${words.toString('latin1')}\nendstream`;
  expect(await faultOf(fileWork({ ...AMPLE, wall_ms: 1500 }).textOf(inPieces(pdfOf([stream]))))).toBe('too_slow');
  expect(await faultOf(fileWork({ ...AMPLE, cpu_s: 1 }).textOf(inPieces(pdfOf([stream]))))).toBe('too_slow');
});

test('a long paper is read to its end, and what breaks off on its way is nobody’s fault', async () => {
  const pages = Array.from({ length: 300 }, (_, n) => [`Page ${n + 1} of a long manual`]);
  const text = await fileWork().textOf(inPieces(samplePdf(pages)));
  expect(text.split('\n').at(-1)).toBe('Page 300 of a long manual');
  const gone = new Error('storage went away');
  expect(await faultOf(fileWork().textOf(brokenAfter(samplePdf(pages), gone)))).toBe(gone);
});

async function deflated(piece: Buffer, times: number): Promise<Buffer> {
  const packer = createDeflate({ level: 1 });
  const chunks: Buffer[] = [];
  packer.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (let n = 0; n < times; n += 1) await new Promise<void>((resolve) => packer.write(piece, () => resolve()));
  await new Promise<void>((resolve) => packer.end(resolve));
  return Buffer.concat(chunks);
}
