import { setPriority } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { FaultCode, FileFault, faultIn } from '../../domain/file-fault.ts';

/** What a child process answers with: a line that says what, and then its bytes. */
export type Part = { name: string; bytes: Uint8Array; width?: number; height?: number };
type Work = (file: Uint8Array<ArrayBuffer>) => Promise<Part[]>;

/** Behind whoever waits for an answer of the API. */
const PRIORITY = 10;

/** Does the work of a child process with the file that comes in; it ends with that. */
export async function answerWith(work: Work): Promise<void> {
  setPriority(PRIORITY);
  try {
    const parts = await work(new Uint8Array(await buffer(process.stdin)));
    const described = parts.map(({ bytes, ...part }) => ({ ...part, length: bytes.length }));
    await say(`${JSON.stringify({ parts: described })}\n`, ...parts.map(({ bytes }) => bytes));
  } catch (error) {
    const { data: fault } = FaultCode.safeParse(isOutOfMemory(error) ? 'file_too_complex' : faultIn(error));
    if (!fault) throw error;
    await say(`${JSON.stringify({ fault, why: String(error).slice(0, 500) })}\n`);
  }
  // A library may still hold on to something.
  process.exit(0);
}

/** What a decoder throws is about what it decodes, unless it is a mistake of ours. */
export async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOurs = error instanceof TypeError || error instanceof ReferenceError || error instanceof FileFault;
    if (isOurs || isOutOfMemory(error)) throw error;
    throw new FileFault('file_damaged', String(error));
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof Error && /out of memory|allocation failed/i.test(error.message));

async function say(...chunks: (string | Uint8Array)[]): Promise<void> {
  for (const chunk of chunks) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}
