import { expect, test } from 'vitest';
import { HEAD_BYTES, receive } from '../../domain/incoming-file.ts';
import { TAIL_BYTES } from '../../domain/sniff.ts';
import { brokenAfter, inPieces, randomBytes } from './storage.ts';

const CLAIMS = { filename: 'manual.pdf', content_type: 'application/pdf' };
const END_OF_ARCHIVE = new Uint8Array(22);
END_OF_ARCHIVE.set([0x50, 0x4b, 5, 6]);

/** Only its beginning says so. */
function paper(length: number): Uint8Array<ArrayBuffer> {
  const bytes = randomBytes(length);
  bytes.set(new TextEncoder().encode('%PDF-1.7\n'));
  return bytes;
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

/** As a network brings it, through one buffer. */
function reusing(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  return (async function* () {
    const buffer = new Uint8Array(size);
    for await (const piece of inPieces(bytes, size)) {
      buffer.set(piece);
      yield buffer.subarray(0, piece.length);
    }
  })();
}

test.for([9, 1000, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, 3 * HEAD_BYTES + 7])(
  'hands on %d bytes as they came',
  async (length) => {
    const bytes = paper(length);
    for (const size of [length < 2000 ? 1 : 4096, 60_000]) {
      const { content_type, body } = await receive(reusing(bytes, size), CLAIMS);
      expect(content_type).toBe('application/pdf');
      expect((await collect(body)).equals(bytes)).toBe(true);
    }
    const { body } = await receive(new Blob([bytes]).stream(), CLAIMS);
    expect((await collect(body)).equals(bytes)).toBe(true);
  },
);

test.for([
  100,
  HEAD_BYTES + 100,
  2 * HEAD_BYTES + 4 * TAIL_BYTES,
  2 * HEAD_BYTES + 5 * TAIL_BYTES,
  2 * HEAD_BYTES + 6 * TAIL_BYTES,
])('sees what %d bytes end with, wherever the pieces are cut', async (length) => {
  for (const behind of [0, 1000, TAIL_BYTES - 22]) {
    const bytes = Buffer.concat([paper(length), END_OF_ARCHIVE, new Uint8Array(behind)]);
    for (const size of [60_000, 4093, 2 * TAIL_BYTES, 5 * TAIL_BYTES]) {
      const { body } = await receive(reusing(bytes, size), CLAIMS);
      await expect(collect(body)).rejects.toMatchObject({ code: 'file_polyglot' });
    }
  }
  const { body } = await receive(
    inPieces(Buffer.concat([paper(length), END_OF_ARCHIVE, new Uint8Array(TAIL_BYTES)])),
    CLAIMS,
  );
  expect(await collect(body)).toHaveLength(length + 22 + TAIL_BYTES);
});

test('counts bytes, and believes nobody', async () => {
  const exact = await receive(inPieces(paper(1000)), { ...CLAIMS, max_bytes: 1000 });
  expect(await collect(exact.body)).toHaveLength(1000);
  const longer = await receive(inPieces(paper(1001)), { ...CLAIMS, max_bytes: 1000 });
  await expect(collect(longer.body)).rejects.toMatchObject({ code: 'too_large' });
});

test('lets go of a source that it refuses, that is left, or that fails', async () => {
  let isLetGo = false;
  async function* source(bytes: Uint8Array) {
    try {
      yield* inPieces(bytes);
    } finally {
      isLetGo = true;
    }
  }
  await expect(receive(source(randomBytes(3_000_000)), CLAIMS)).rejects.toMatchObject({ code: 'file_type_mismatch' });
  expect(isLetGo).toBe(true);

  isLetGo = false;
  const { body } = await receive(source(paper(3_000_000)), CLAIMS);
  for await (const _ of body) break;
  expect(isLetGo).toBe(true);

  const failing = await receive(brokenAfter(paper(3_000_000), new Error('cut')), CLAIMS);
  await expect(collect(failing.body)).rejects.toThrow('cut');
  await expect(receive(brokenAfter(paper(30), new Error('cut')), CLAIMS)).rejects.toThrow('cut');
});
