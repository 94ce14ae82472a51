import { setTimeout as wait } from 'node:timers/promises';
import { Readiness } from '../domain/health.ts';

const PATH = '/api/health/ready/';
const TRIES = 10;
const TRY_MS = 5000;
const BETWEEN_MS = 3000;
const DEADLINE_MS = 60_000;

/** Asks a release whether it is fit to serve until it says so. Returns what it said last. */
export async function smoke(base: string, limits: { tries?: number; between_ms?: number } = {}) {
  const { tries = TRIES, between_ms = BETWEEN_MS } = limits;
  const url = new URL(PATH, base);
  const end = performance.now() + DEADLINE_MS;
  let said = 'nothing';
  for (let n = 1; n <= tries && performance.now() < end; n += 1) {
    if (n > 1) await wait(between_ms);
    const { isFit, answer } = await ask(url);
    said = answer;
    if (isFit) return { isFit, said };
  }
  return { isFit: false, said };
}

async function ask(url: URL): Promise<{ isFit: boolean; answer: string }> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TRY_MS) });
    const body = await response.text();
    const { status } = Readiness.pick({ status: true }).parse(JSON.parse(body));
    return { isFit: response.status === 200 && status !== 'down', answer: `${response.status} ${status}` };
  } catch (error) {
    // Not there yet, or not JSON: both are answers to a smoke test.
    return { isFit: false, answer: String(error) };
  }
}
