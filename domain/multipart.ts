import { windowOn } from './byte-window.ts';
import { partDisposition } from './content-disposition.ts';
import { AppError, invalid } from './errors.ts';

const PARTS_MAX = 20;
const HEAD_BYTES_MAX = 8 * 1024;
/** Of what comes after the last part, at once. */
const EPILOGUE_BYTES = 1024;
const CRLF = new TextEncoder().encode('\r\n');
const END_OF_HEAD = new TextEncoder().encode('\r\n\r\n');

/** A field of a form, or a file. Its body is read to its end before the next part is asked for, or not at all. */
export type Part = {
  name: string;
  filename: string | null;
  content_type: string | null;
  body: AsyncGenerator<Uint8Array>;
};

/** The parts of a `multipart/form-data` body (RFC 7578) as they come: none of it is held. */
export async function* partsOf(source: AsyncIterable<Uint8Array>, content_type: string | null): AsyncGenerator<Part> {
  const delimiter = new TextEncoder().encode(`\r\n--${boundaryOf(content_type)}`);
  // A body may begin with its first delimiter, and leave out the line's end before it.
  const window = windowOn(source, CRLF);
  try {
    await drain(upTo(delimiter));
    for (let parts = 0; await isFollowed(); parts += 1) {
      if (parts === PARTS_MAX) throw malformed(`has more than ${PARTS_MAX} parts`);
      const head = headersOf(await textOf(upTo(END_OF_HEAD), HEAD_BYTES_MAX));
      const body = upTo(delimiter);
      yield { ...head, body };
      await drain(body);
    }
    // Whoever sends more is heard out: to hang up would be taken for a failure.
    while ((await window.next(EPILOGUE_BYTES)).length > 0);
  } finally {
    await window.close();
  }

  /** Whether a part comes after a delimiter, or the end. */
  async function isFollowed(): Promise<boolean> {
    const sign = new TextDecoder().decode(await window.next(2));
    if (sign === '\r\n' || sign === '--') return sign !== '--';
    throw malformed('breaks off');
  }

  async function* upTo(mark: Uint8Array): AsyncGenerator<Uint8Array> {
    if (!(yield* window.until(mark))) throw malformed('breaks off');
  }
}

/** A short body as text. */
export async function textOf(body: AsyncIterable<Uint8Array>, bytes_max: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > bytes_max) throw malformed(`has a field or a header of more than ${bytes_max} bytes`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body);
}

function boundaryOf(content_type: string | null): string {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(content_type ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary !== undefined) return boundary;
  throw new AppError('unsupported_media_type', 'Send a form, with Content-Type: multipart/form-data and its boundary.');
}

function headersOf(head: string): Omit<Part, 'body'> {
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()];
    }),
  );
  const { name, filename = null } = partDisposition(headers.get('content-disposition') ?? '');
  if (name === undefined) throw malformed('has a part without a name');
  return { name, filename, content_type: headers.get('content-type') ?? null };
}

const malformed = (how: string) => invalid('body', `The form ${how}.`);
