import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';
import { INGEST_PATH } from '../../origin/metrics/ingest.ts';
import { testTogether as test } from '../home.ts';
import { observed } from './observed.ts';
import { startReceiver } from './receiver.ts';

const ANSWERS = 300;
/** What a test has for all of its answers: a sink that was waited for would take a deadline for each. */
const PATIENCE_MS = 20_000;
const DEADLINE_MS = 100;

test.for(['fails', 'hangs'] as const)(
  'a sink that %s holds up no answer, takes no more memory than it may, and what is lost is counted',
  async (how, { world }) => {
    const receiver = await startReceiver();
    receiver.behave(how);
    const { telemetry, log, printed, failures, flush } = observed(receiver, { deadline_ms: DEADLINE_MS });
    const left: Promise<unknown>[] = [];
    const ports = { telemetry, log, defer: (work: Promise<unknown>) => void left.push(work) };
    // Long lines, as those of errors are.
    for (let n = 0; n < 400; n += 1) log('filler', { error: 'x '.repeat(2000) });
    const began = performance.now();
    for (let n = 0; n < ANSWERS; n += 1) {
      const answer = await world.send('GET', '/api/health/', null, undefined, { ports });
      expect(answer.status).toBe(200);
    }
    expect(performance.now() - began).toBeLessThan(PATIENCE_MS);
    await Promise.all(left);
    expect(printed.length).toBeGreaterThanOrEqual(ANSWERS + 400);
    for (let n = 0; n < 4; n += 1) await flush();
    // One that answers late on a machine that is busy is given up as one that does not.
    const why = how === 'hangs' ? 'TimeoutError' : '(Error: A sink answered 500|TimeoutError)';
    for (const sink of ['traces', 'logs', 'metrics']) {
      expect(failures).toContainEqual(expect.stringMatching(new RegExp(`^${sink}: ${why}`)));
    }

    // What waits is what has room, and goes when the sink is back; how much was lost is told then.
    receiver.got.length = 0;
    receiver.behave('well');
    // Of a batch that was sent twice one is counted, as the aggregator does.
    const counted = () => {
      const batches = receiver.got.flatMap(({ path, body }) => (path === INGEST_PATH ? [JSON.parse(body)] : []));
      return [...new Map(batches.map((batch) => [batch.id, batch])).values()].flatMap(({ series }) => series);
    };
    const sumOf = (name: string, labels: object) =>
      counted()
        .filter((series) => series.name === name && isDeepStrictEqual({ ...series.labels, ...labels }, series.labels))
        .reduce((sum, series) => sum + series.sum, 0);
    await vi.waitFor(
      async () => {
        await flush();
        expect(sumOf('http_requests_total', {})).toBe(ANSWERS);
        for (const sink of ['traces', 'logs'])
          expect(sumOf('telemetry_dropped_total', { sink }), sink).toBeGreaterThan(0);
      },
      { timeout: 10_000 },
    );
    const sizes = new Set(receiver.got.map(({ body }) => body));
    expect([...sizes].reduce((sum, body) => sum + body.length, 0)).toBeLessThan(4_000_000);
    await receiver.close();
  },
);

test('without sinks nothing is sent, and nothing is kept alive after an answer', async ({ world }) => {
  const left: Promise<unknown>[] = [];
  const answer = await world.send('GET', '/api/health/', null, undefined, {
    ports: { defer: (work) => void left.push(work) },
  });
  expect([answer.status, left]).toEqual([200, []]);
});
