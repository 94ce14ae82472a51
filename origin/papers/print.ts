import { fileURLToPath } from 'node:url';
import type { Report } from '../../domain/report.ts';
import { type Bounds, run } from '../files/run.ts';

/** The longest report that is made takes half of it. */
const BOUNDS: Bounds = { wall_ms: 180_000, cpu_s: 120, memory_mib: 2500 };

const PRINTER = fileURLToPath(new URL('./print-process.ts', import.meta.url));

/** A report as PDF. A process of its own sets it: what that takes in time and memory no request waits for. */
export async function print(report: Report): Promise<Uint8Array> {
  const sent = new TextEncoder().encode(JSON.stringify(report));
  const { bytes } = await run([sent], { script: PRINTER, bounds: BOUNDS });
  return bytes;
}
