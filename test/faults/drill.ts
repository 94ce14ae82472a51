import autocannon from 'autocannon';
import fc from 'fast-check';
import { headersFor, makeStand, type Stand } from '../bench/stand.ts';
import { operations, REQUESTS } from '../operations.ts';

const BODIES = Number(process.argv[2] ?? 500);
const SEED = Number(process.argv[3] ?? Date.now() % 1_000_000);
const failures: string[] = [];

function report(check: string, isGood: boolean, figure: string): void {
  console.log(`${isGood ? 'ok    ' : 'FAILED'}  ${check}: ${figure}`);
  if (!isGood) failures.push(check);
}

/** Creates with keys while PostgreSQL is killed and started again; then every key that is not acknowledged once more. */
async function crashUnderLoad(stand: Stand): Promise<void> {
  const acknowledged = new Map<string, number>();
  const odd: string[] = [];
  let n = 0;
  let isOver = false;
  const create = async (key: string, turn: number): Promise<number> => {
    const headers = { ...headersFor(stand, turn), 'idempotency-key': key };
    const body = JSON.stringify({ residence_id: 1, title: key });
    const response = await fetch(`${stand.url}/api/tasks/`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { data?: { id: number } };
    if (response.status === 201 && answer.data) acknowledged.set(key, answer.data.id);
    else if (response.status !== 503 || !response.headers.has('retry-after')) odd.push(`${response.status}`);
    return response.status;
  };
  const keys: string[] = [];
  const client = async () => {
    while (!isOver) {
      const turn = n++;
      keys.push(`crash-${turn}`);
      await create(`crash-${turn}`, turn);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  const reach = async (count: number) => {
    while (keys.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  await reach(200);
  await stand.crash();
  await reach(keys.length + 200);
  const restarting = performance.now();
  await stand.restart();
  const before = acknowledged.size;
  while (acknowledged.size === before) await new Promise((resolve) => setImmediate(resolve));
  const recovered_ms = performance.now() - restarting;
  await reach(keys.length + 100);
  isOver = true;
  await Promise.all(clients);
  for (const [turn, key] of keys.entries()) if (!acknowledged.has(key)) await create(key, turn);

  const rows = await stand.query(
    `select title, count(*)::int as n, min(id)::int as id from task_task where title like 'crash-%' group by 1`,
  );
  const isOnce = rows.every(({ n, title, id }) => n === 1 && acknowledged.get(title) === id);
  report(
    'a crash: other answers than 201 and 503 with Retry-After',
    odd.length === 0,
    `${odd.length} ${odd.slice(0, 5)}`,
  );
  report('a crash: back without a restart of the Worker', true, `${recovered_ms.toFixed(0)} ms after the start`);
  report(
    'a crash: every task once',
    isOnce && rows.length === keys.length,
    `${keys.length} keys, ${rows.length} tasks`,
  );
}

async function load(stand: Stand): Promise<void> {
  const requests = Array.from({ length: 400 }, (_, n) => ({ path: '/api/tasks/', headers: headersFor(stand, n) }));
  const run = (duration: number) => autocannon({ url: stand.url, connections: 16, duration, requests });
  await run(3);
  const before = process.memoryUsage().rss;
  const { errors, non2xx, requests: done, latency } = await run(10);
  const growth = process.memoryUsage().rss / before - 1;
  report(
    '10 s at 16 connections: errors',
    errors + non2xx === 0,
    `${errors} errors, ${non2xx} refusals of ${done.total}, p50 ${latency.p50} ms`,
  );
  report('10 s at 16 connections: memory', growth <= 0.1, `${(growth * 100).toFixed(1)} %`);
}

/** Valid bodies with one part replaced by anything. */
async function strangeBodies(stand: Stand): Promise<void> {
  const inputs = operations().filter(({ doc }) => doc.body);
  let sent = 0;
  const wrong: string[] = [];
  for (const { name, method, path, isPublic } of inputs) {
    const valid = REQUESTS[name]?.({ residence_id: 1, task_id: 1 }) ?? {
      path,
      body: { username: 'abc', email: 'a@example.com', password: 'x' },
    };
    const body = (valid.body ?? {}) as Record<string, unknown>;
    const part = fc.constantFrom(
      ...Object.keys(body),
      'due_date',
      'notes',
      'rating',
      'frequency_id',
      'timezone',
      'estimated_cost',
    );
    const mutated = fc.oneof(
      fc.record({ part, value: fc.anything() }).map(({ part, value }) => ({ ...body, [part]: value })),
      fc.anything(),
    );
    for (const value of fc.sample(mutated, { seed: SEED, numRuns: BODIES })) {
      const text = json(value);
      if (text === undefined) continue;
      const headers = { ...headersFor(stand, sent++), ...(isPublic && { authorization: '' }) };
      const response = await fetch(`${stand.url}${valid.path}`, { method, headers, body: text });
      const answer = await response.text();
      if (response.status < 400) continue;
      const isProblem =
        /problem\+json/.test(response.headers.get('content-type') ?? '') && /"code":"\w+".*"request_id":"/.test(answer);
      if (response.status >= 500 || !isProblem) wrong.push(`${name} ${response.status} ${text.slice(0, 200)}`);
    }
  }
  report(
    `${BODIES} strange bodies for each of ${inputs.length} operations (seed ${SEED})`,
    wrong.length === 0,
    `${sent} sent, ${wrong.length} answered wrongly`,
  );
  for (const line of wrong.slice(0, 5)) console.log(`        ${line}`);
}

/** JSON text of anything that has some; fast-check also makes what has none. */
function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const stand = await makeStand(60, 20);
await load(stand);
await strangeBodies(stand);
await crashUnderLoad(stand);
await stand.stop();
process.exit(failures.length === 0 ? 0 : 1);
