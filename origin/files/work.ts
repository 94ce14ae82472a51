import { fileURLToPath } from 'node:url';
import type { FileWork } from '../../domain/file-work.ts';
import { MediaVariant } from '../../domain/media.ts';
import { type Answer, type Bounds, run } from './run.ts';

/** Ample for a photo of 200 million pixels that can be read from top to bottom, and for a HEIC of 50. */
const BOUNDS: Bounds = { wall_ms: 90_000, cpu_s: 60, memory_mib: 1300 };

const PICTURE = fileURLToPath(new URL('./picture-process.ts', import.meta.url));
const PDF = fileURLToPath(new URL('./pdf-process.ts', import.meta.url));

/** Decodes each file in a process of its own. */
export const fileWork = (bounds = BOUNDS): FileWork => ({
  async prepare(picture, type) {
    const parts = byName(await run([picture], { script: PICTURE, args: [type], bounds }));
    const smaller = MediaVariant.options.map((kind) => {
      const { bytes, width, height } = parts(kind);
      if (!width || !height) throw new Error(`The ${kind} has no size.`);
      return { kind, content_type: 'image/jpeg' as const, width, height, bytes };
    });
    return { picture: parts('picture').bytes, smaller };
  },
  async textOf(pdf) {
    const { bytes } = byName(await run(pdf, { script: PDF, bounds }))('text');
    return new TextDecoder().decode(bytes);
  },
});

function byName({ parts, bytes }: Answer) {
  let at = 0;
  const found = new Map(
    parts.map(({ length, ...part }) => {
      at += length;
      return [part.name, { ...part, bytes: bytes.subarray(at - length, at) }];
    }),
  );
  return (name: string) => {
    const part = found.get(name);
    if (!part) throw new Error(`A child process made no ${name}.`);
    return part;
  };
}
