import { setTimeout as wait } from 'node:timers/promises';
import { askOrigin } from '../../workers/failover/ask-origin.ts';
import { headersFor } from '../bench/stand.ts';
import type { Sides } from './failover-sides.ts';
import type { Ledger } from './ledger.ts';

/** Of so many requests one makes a task under a key of the client's, and one without. */
const EVERY = 5;

export type Load = {
  took_ms: number[];
  /** Of each that was not answered 2xx, and what it asked for. */
  failed: { status: number; hasRetryAfter: boolean; isRead: boolean; took_ms: number }[];
  /** Whether a task of this title was acknowledged: of those whose client sent no key. */
  keyless: Map<string, boolean>;
  by: Record<string, number>;
};

export const newLoad = (): Load => ({ took_ms: [], failed: [], keyless: new Map(), by: {} });

/** So many requests a second, whether those before are answered or not, until it is told to stop: boards, lists and tasks. */
export function startLoad({ stand, home }: Sides, per_s: number, ledger: Ledger, load: Load, prefix: string) {
  const running = new Set<Promise<void>>();
  let isOver = false;
  let n = 0;
  const one = async (i: number): Promise<void> => {
    if (i % EVERY === 0) {
      const { took_ms, status, hasRetryAfter } = await ledger.create();
      load.took_ms.push(took_ms);
      if (status !== 201) load.failed.push({ status, hasRetryAfter, isRead: false, took_ms });
      return;
    }
    const isRead = i % EVERY > 1;
    const title = `x${prefix}-${i}`;
    const path = isRead ? (i % 2 ? `/api/tasks/?residence_id=${home}` : '/api/residences/') : '/api/tasks/';
    const headers = { ...headersFor(stand, i), 'x-request-id': `x${prefix}-${i}` };
    const body = isRead ? {} : { method: 'POST', body: JSON.stringify({ residence_id: 1, title }) };
    const started = performance.now();
    const response = await fetch(stand.url + path, { headers, ...body });
    await response.arrayBuffer();
    const took_ms = performance.now() - started;
    load.took_ms.push(took_ms);
    const by = response.headers.get('x-served-by') ?? 'nobody';
    load.by[by] = (load.by[by] ?? 0) + 1;
    const { status } = response;
    if (!isRead) load.keyless.set(title, status === 201);
    if (!response.ok) load.failed.push({ status, hasRetryAfter: response.headers.has('retry-after'), isRead, took_ms });
  };
  const ticking = (async () => {
    for (const began = performance.now(); !isOver; n += 1) {
      const work = one(n).finally(() => running.delete(work));
      running.add(work);
      await wait(Math.max(0, began + ((n + 1) * 1000) / per_s - performance.now()));
    }
  })();
  return async () => {
    isOver = true;
    await ticking;
    await Promise.all(running);
  };
}

/** How long the origin itself takes for the reads of the same load, asked as the edge asks it. */
export async function ownPace({ stand, origin, home }: Sides, per_s: number, seconds: number): Promise<number> {
  const took_ms: number[] = [];
  const running: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < seconds * per_s; n += 1) {
    running.push(askOnce(n));
    await wait(Math.max(0, began + ((n + 1) * 1000) / per_s - performance.now()));
  }
  await Promise.all(running);
  return p95(took_ms);

  async function askOnce(n: number): Promise<void> {
    const isRead = n % EVERY > 1;
    const path = isRead ? (n % 2 ? `/api/tasks/?residence_id=${home}` : '/api/residences/') : '/api/tasks/';
    const body = isRead ? null : new TextEncoder().encode(JSON.stringify({ residence_id: 1, title: `pace ${n}` }));
    const headers = { ...headersFor(stand, n), 'idempotency-key': crypto.randomUUID() };
    const request = new Request(`${stand.url}${path}`, { method: isRead ? 'GET' : 'POST', headers });
    const started = performance.now();
    const sending = { address: `10.9.${n % 250}.1`, request_id: `pace-${n}`, body, deadline_ms: 10_000 };
    const { answer } = await askOrigin(origin, request, sending);
    if (!answer?.ok) throw new Error(`The origin answered ${answer?.status}.`);
    await answer.arrayBuffer();
    took_ms.push(performance.now() - started);
  }
}

export const p95 = (took_ms: number[]): number =>
  took_ms.toSorted((a, b) => a - b)[Math.floor(took_ms.length * 0.95)] ?? 0;
