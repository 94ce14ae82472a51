import { headersFor, type Stand } from '../bench/stand.ts';
import { inTurns } from './in-turns.ts';

/** Which session sent a key decides whose it is, so a retry comes from the same. */
type Entry = { turn: number; tries: number; task_id: number | null };
type Answer = { status: number; hasRetryAfter: boolean; isReplay: boolean; took_ms: number };

/** Makes tasks, each under a key that is also its title, and keeps what was acknowledged and what is unknown. */
export function openLedger(stand: Stand, prefix: string) {
  const entries = new Map<string, Entry>();

  async function send(key: string, entry: Entry): Promise<Answer> {
    entry.tries += 1;
    const headers = {
      ...headersFor(stand, entry.turn),
      'idempotency-key': key,
      'x-request-id': `${key}.${entry.tries}`,
    };
    const body = JSON.stringify({ residence_id: 1, title: key });
    const started = performance.now();
    const response = await fetch(`${stand.url}/api/tasks/`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { data?: { id: number } };
    if (response.status === 201 && answer.data) entry.task_id = answer.data.id;
    return {
      status: response.status,
      hasRetryAfter: response.headers.has('retry-after'),
      isReplay: response.headers.has('idempotency-replayed'),
      took_ms: performance.now() - started,
    };
  }

  async function again(some: [string, Entry][]): Promise<Answer[]> {
    const answers: Answer[] = [];
    await inTurns(some, async ([key, entry]) => void answers.push(await send(key, entry)));
    return answers;
  }

  return {
    /** A task under a new key. */
    create() {
      const turn = entries.size;
      const entry = { turn, tries: 0, task_id: null };
      entries.set(`${prefix}-${turn}`, entry);
      return send(`${prefix}-${turn}`, entry);
    },
    /** Every key that no answer has acknowledged, once more. */
    retryUnknown: () => again([...entries].filter(([, { task_id }]) => task_id === null)),
    /** The first keys that were acknowledged, once more, as a phone does that has missed the answer. */
    repeat: (count: number) => again([...entries].filter(([, { task_id }]) => task_id !== null).slice(0, count)),
    /** The task that each key was acknowledged with. */
    acknowledged: () =>
      new Map([...entries].flatMap(([key, { task_id }]) => (task_id === null ? [] : [[key, task_id]]))),
    size: () => entries.size,
  };
}

export type Ledger = ReturnType<typeof openLedger>;
