import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { keptIn } from '../cache/cached.ts';
import type { Person } from '../home.ts';

export type Send = (method: string, path: string, by: Person, input?: object) => Promise<Response>;
export type Family = { owner: Person; member: Person; residence_id: number };
type Ride = { send: Send; families: Family[]; ms: number; per_s: number };

export type Ridden = {
  answers: number;
  refused: string[];
  /** Reads that did not show what had been acknowledged before them. */
  wrong: string[];
  hits: number;
  p50: number;
  p95: number;
  max: number;
};

/** Of so many turns one is a write, which both of the home then look for. */
const WRITE_EVERY = 4;
let drawn = 0;

/** Boards and homes read, and tasks made and looked for, at an even pace that waits for nobody. */
export async function ride({ send, families, ms, per_s }: Ride): Promise<Ridden> {
  const took: number[] = [];
  const ridden = { answers: 0, refused: [] as string[], wrong: [] as string[], hits: 0 };

  async function timed(method: string, path: string, by: Person, input?: object): Promise<string> {
    const started = performance.now();
    const answer = await send(method, path, by, input);
    const text = await answer.text();
    took.push(performance.now() - started);
    ridden.answers += 1;
    if (!answer.ok) ridden.refused.push(`${method} ${path}: ${answer.status}`);
    if (keptIn(answer.headers) === 'hit') ridden.hits += 1;
    return text;
  }

  async function turn({ owner, member, residence_id }: Family): Promise<void> {
    drawn += 1;
    const title = `Task ${drawn}`;
    if (drawn % WRITE_EVERY !== 0) {
      await timed('GET', '/api/tasks/', drawn % 2 ? owner : member);
      await timed('GET', '/api/residences/', owner);
      return;
    }
    await timed('POST', '/api/tasks/', owner, { residence_id, title });
    for (const each of [owner, member]) {
      const board = await timed('GET', '/api/tasks/', each);
      if (!board.includes(`"${title}"`)) ridden.wrong.push(`${each.username} did not see ${title}`);
    }
  }

  const turns: Promise<void>[] = [];
  const end = performance.now() + ms;
  for (let n = 0; performance.now() < end; n += 1) {
    const family = families[n % families.length];
    if (family) turns.push(turn(family));
    await pause(1000 / per_s);
  }
  await Promise.all(turns);
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(took.length * share)] ?? 0;
  return { ...ridden, p50: at(0.5), p95: at(0.95), max: took.at(-1) ?? 0 };
}
