import { expect, test } from 'vitest';
import { type Part, partsOf } from '../../domain/multipart.ts';
import { inPieces, randomBytes } from './storage.ts';

const TYPE = 'multipart/form-data; boundary=----x-y--';
const encode = (text: string) => new TextEncoder().encode(text);
const FORM = `before
------x-y--\r
Content-Disposition: form-data; name="document_type"\r
\r
manual\r
------x-y--\r
content-type:application/pdf\r
content-disposition: form-data; filename="Ann’s “%22new%22” 鍵.pdf"; name="file"\r
\r
%PDF-1.7\r\n\r
--\r\n------x-y-\r\n\r
------x-y--\r
Content-Disposition: form-data; name=empty\r
\r
\r
------x-y----\r
after`;

const collect = async ({ name, filename, content_type, body }: Part) => {
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk.slice());
  return { name, filename, content_type, bytes: Buffer.concat(chunks) };
};

async function read(source: AsyncIterable<Uint8Array>, type = TYPE) {
  const parts = [];
  for await (const part of partsOf(source, type)) {
    const { bytes, ...more } = await collect(part);
    parts.push({ ...more, text: bytes.toString() });
  }
  return parts;
}

const PARTS = [
  { name: 'document_type', filename: null, content_type: null, text: 'manual' },
  {
    name: 'file',
    filename: 'Ann’s “"new"” 鍵.pdf',
    content_type: 'application/pdf',
    text: '%PDF-1.7\r\n\r\n--\r\n------x-y-\r\n',
  },
  { name: 'empty', filename: null, content_type: null, text: '' },
];

test('a form is read alike wherever its pieces are cut', async () => {
  const bytes = encode(FORM.replace('before\n', ''));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
    expect(await read(ReadableStream.from(pieces)), `cut at ${cut}`).toEqual(PARTS);
  }
  for (const size of [1, 2, 3, 7, 60_000]) expect(await read(inPieces(bytes, size)), `${size}`).toEqual(PARTS);
  const named = 'Multipart/Form-Data; charset=utf-8; boundary="----x-y--"';
  expect(await read(new Blob([encode(FORM.replace('\n', '\r\n'))]).stream(), named)).toEqual(PARTS);
});

test('long files pass as they are, and what nobody reads is skipped', async () => {
  const head = 'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const file = Buffer.concat([
    randomBytes(300_000),
    encode('\r'.repeat(100_000)),
    encode('\r\n------x-y-'.repeat(9_999)),
  ]);
  const form = Buffer.concat([
    ...[1, 2].flatMap(() => [encode(`------x-y--\r\n${head}`), file, encode('\r\n')]),
    encode('------x-y----\r\n'),
  ]);
  for (const size of [4096, 65_536, 200_000]) {
    const parts = partsOf(inPieces(form, size), TYPE);
    await parts.next();
    const { value } = await parts.next();
    expect((value && (await collect(value)))?.bytes.equals(file)).toBe(true);
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  }
});

test.for([
  ['no form', '', 'breaks off'],
  ['an end that is missing', FORM.slice(0, FORM.lastIndexOf('------x-y--')), 'breaks off'],
  ['an end in the middle of a delimiter', FORM.slice(0, FORM.lastIndexOf('-\r')), 'breaks off'],
  ['a part without a name', '------x-y--\r\nx: y\r\n\r\n', 'without a name'],
  ['headers without an end', `------x-y--\r\nx: ${'y'.repeat(9000)}`, 'more than 8192 bytes'],
  ['parts without an end', FORM.slice(7).split('------x-y--\r\ncontent')[0]?.repeat(21) ?? '', 'more than 20 parts'],
])('refuses %s', async ([, form = '', why = '']) => {
  for (const size of [5, 100_000]) {
    await expect(read(inPieces(encode(form), size))).rejects.toMatchObject({
      code: 'validation',
      details: { fields: { body: [expect.stringContaining(why)] } },
    });
  }
});

test.for([null, 'application/json', 'multipart/form-data', 'multipart/mixed; boundary=x'])(
  'refuses %s',
  async (type) => {
    await expect(partsOf(inPieces(encode(FORM)), type).next()).rejects.toMatchObject({
      code: 'unsupported_media_type',
    });
  },
);

test('lets go of its source', async () => {
  let isLetGo = false;
  async function* source() {
    try {
      yield* inPieces(encode(FORM.slice(7)), 10);
    } finally {
      isLetGo = true;
    }
  }
  for await (const _ of partsOf(source(), TYPE)) break;
  expect(isLetGo).toBe(true);
});
