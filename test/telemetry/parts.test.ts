import { expect, test } from 'vitest';
import { newSink } from '../../adapters/telemetry/sink.ts';
import { summaryOfText } from '../../db/query-summary.ts';
import { add, count, newCounts, observe, take } from '../../domain/telemetry/counts.ts';
import { beginTrace, type Span } from '../../domain/telemetry/span.ts';
import { newTelemetry } from '../../domain/telemetry/telemetry.ts';
import { enter, isChosen, newTrace, placeOf, traceparentOf } from '../../domain/telemetry/trace-context.ts';

test('of all traces one in a hundred is chosen, by its id, wherever it is asked', () => {
  const places = Array.from({ length: 20_000 }, () => newTrace(0.01));
  const chosen = places.filter(({ is_sampled }) => is_sampled);
  expect(chosen.length).toBeGreaterThan(130);
  expect(chosen.length).toBeLessThan(270);
  expect(places.map(({ trace_id }) => isChosen(trace_id, 0.01))).toEqual(places.map(({ is_sampled }) => is_sampled));
  expect(places.filter(({ trace_id }) => isChosen(trace_id, 0))).toEqual([]);
  expect(places.every(({ trace_id }) => isChosen(trace_id, 1))).toBe(true);
});

test('a caller’s trace goes on, and what is no traceparent begins one', () => {
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const place = enter(given, 0);
  expect(place).toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', is_sampled: true });
  expect(place.span_id).not.toBe('00f067aa0ba902b7');
  expect(placeOf(traceparentOf(place))).toEqual(place);
  for (const wrong of [null, '', `${given}-more`, given.toUpperCase(), given.replace(/[1-9a-f]/g, '0')]) {
    expect(placeOf(wrong)).toBeNull();
    expect(enter(wrong, 0).is_sampled).toBe(false);
  }
});

test('kept is what failed, what was slow, what was chosen, and what a caller asks for, sixty times a minute', () => {
  const kept: Span[] = [];
  const telemetry = newTelemetry(
    newCounts('edge'),
    { share: 0, slow_ms: 500 },
    { traces: (spans) => void kept.push(...spans) },
  );
  const rootOf = (more: Partial<Span>): Span => ({
    ...newTrace(0),
    parent_id: null,
    kind: 'server',
    name: 'GET /',
    began_ms: 0,
    ms: 1,
    attributes: {},
    error: null,
    links: [],
    ...more,
  });
  const isKept = (more: Partial<Span>) => {
    const root = rootOf(more);
    telemetry.keep(beginTrace(root), root);
    return kept.includes(kept.find(({ span_id }) => span_id === root.span_id) ?? root);
  };
  expect(isKept({})).toBe(false);
  expect(isKept({ error: '503' })).toBe(true);
  expect(isKept({ ms: 500 })).toBe(true);
  const asked = Array.from({ length: 100 }, () => isKept({ is_sampled: true }));
  expect(asked.filter(Boolean)).toHaveLength(60);
});

test('counts add up, whoever counted them', () => {
  const [edge, origin] = [newCounts('edge'), newCounts('origin')];
  count(edge, 'mail_sends_total', { result: 'ok' });
  count(edge, 'mail_sends_total', { result: 'ok' }, 2);
  for (const s of [0.005, 0.3, 99]) observe(edge, 'mail_send_duration_seconds', {}, s);
  const deltas = take(edge);
  expect(take(edge)).toEqual([]);
  add(origin, deltas);
  add(origin, deltas);
  const [sends, took] = take(origin);
  expect(sends).toEqual({ name: 'mail_sends_total', labels: { result: 'ok', runtime: 'edge' }, sum: 6 });
  expect(took?.sum).toBeCloseTo(2 * 99.305);
  expect(took?.buckets).toEqual([2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2]);
});

test('however many labels there are, they end, and what has no room is counted', () => {
  const counts = newCounts('edge');
  for (let n = 0; n < 6000; n += 1) count(counts, 'failover_total', { reason: `r${n}` });
  const taken = take(counts);
  expect(taken.length).toBe(5001);
  expect(taken.at(-1)).toMatchObject({ name: 'telemetry_dropped_total', labels: { sink: 'metrics' }, sum: 1000 });
});

test.for([
  ['select hd_enter($1, $2, $3)', 'hd_enter'],
  ['select id from task_task t join task_priority p on p.id = t.id where title = $1', 'select task_task task_priority'],
  ['insert into outbox (event, queue) values ($1, $2) returning id', 'insert outbox'],
  ['with made as (insert into auth_user (email) values ($1) returning id) select id from made', 'insert auth_user'],
  ['update "task_task" set "title" = $1 where id = 7', 'update task_task'],
  ['select id from outbox where id = $1 for update skip locked', 'select outbox'],
  [`select 1 from x where mail = 'from bob@example.com'`, 'select x'],
  ['select a.id from unnest($1::bigint[]) as a (id) join lateral hd_rows(a.id) r on true join y on true', 'select y'],
] as const)('%s is “%s”', ([text, summary]) => {
  expect(summaryOfText(text)).toBe(summary);
});

test('a batch that was not taken is sent again as it was, and is dropped after its third try', async () => {
  const sent: number[] = [];
  let [waiting, dropped, isDown] = [[1], 0, true];
  const flush = newSink<number[]>({
    take: () => (waiting.length > 0 ? { body: waiting.splice(0), size: 1 } : null),
    send: async (body) => {
      sent.push(...body);
      if (isDown) throw new Error('away');
      return body[0] !== 3;
    },
    dropped(size) {
      dropped += size;
    },
    failed: () => {},
    wait_ms: 0,
    deadline_ms: 100,
    rest_ms: 0,
    tries_max: 3,
  });
  await flush();
  waiting = [2];
  await flush();
  expect([sent, dropped]).toEqual([[1, 1], 0]);
  await flush();
  expect([sent, dropped]).toEqual([[1, 1, 1], 1]);
  isDown = false;
  await flush();
  expect([sent, waiting]).toEqual([[1, 1, 1, 2], []]);
  // What is refused for good is not tried again.
  waiting = [3];
  await flush();
  await flush();
  expect([sent, dropped]).toEqual([[1, 1, 1, 2, 3], 2]);
});

test('whoever comes while others are sending goes at once, and its part is taken along', async () => {
  const first = Promise.withResolvers<void>();
  let [waiting, calls] = [[1], 0];
  const flush = newSink<number[]>({
    take: () => (waiting.length > 0 ? { body: waiting.splice(0), size: 1 } : null),
    send: async () => {
      calls += 1;
      await first.promise;
      return true;
    },
    dropped: () => {},
    failed: () => {},
    wait_ms: 0,
    deadline_ms: 1000,
    rest_ms: 0,
    tries_max: 3,
  });
  const sending = flush();
  waiting = [2];
  await flush();
  expect(calls).toBe(1);
  first.resolve();
  await sending;
  expect([calls, waiting]).toEqual([2, []]);
});
