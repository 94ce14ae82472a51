import { bucketsOf, type CounterName, type HistogramName, type Labels, type MetricName } from './metrics.ts';

/** One series. A histogram has how many fell into each bucket and into none; `sum` is of what was observed. */
export type Series = { name: MetricName; labels: Record<string, string>; sum: number; buckets?: number[] | undefined };

/** Since they were last taken: at the edge what is to be sent, at the origin what is shown. */
export type Counts = { runtime: string; series: Map<string, Series> };

/** Routes, events and their results make some hundreds. */
const SERIES_MAX = 5000;

export const newCounts = (runtime: string): Counts => ({ runtime, series: new Map() });

export function count<N extends CounterName>(counts: Counts, name: N, labels: Labels<N>, by = 1): void {
  const found = seriesOf(counts, name, { ...labels, runtime: counts.runtime });
  if (found) found.sum += by;
}

export function observe<N extends HistogramName>(counts: Counts, name: N, labels: Labels<N>, value: number): void {
  const found = seriesOf(counts, name, { ...labels, runtime: counts.runtime });
  if (!found?.buckets) return;
  found.sum += value;
  const place = (bucketsOf(name) ?? []).findIndex((most) => value <= most);
  const at = place < 0 ? found.buckets.length - 1 : place;
  found.buckets[at] = (found.buckets[at] ?? 0) + 1;
}

/** Adds what somebody else has counted. */
export function add(counts: Counts, more: readonly Series[]): void {
  for (const { name, labels, sum, buckets } of more) {
    const found = seriesOf(counts, name, labels);
    if (!found) continue;
    found.sum += sum;
    found.buckets = found.buckets?.map((n, i) => n + (buckets?.[i] ?? 0));
  }
}

/** All of it, which then begins anew. */
export function take(counts: Counts): Series[] {
  const taken = [...counts.series.values()];
  counts.series.clear();
  return taken;
}

function seriesOf(counts: Counts, name: MetricName, labels: Record<string, string>): Series | null {
  const key = [
    name,
    ...Object.keys(labels)
      .sort()
      .map((label) => labels[label]),
  ].join('\n');
  const found = counts.series.get(key);
  if (found) return found;
  if (counts.series.size >= SERIES_MAX && name !== 'telemetry_dropped_total') {
    count(counts, 'telemetry_dropped_total', { sink: 'metrics' });
    return null;
  }
  const buckets = bucketsOf(name);
  const made: Series = { name, labels, sum: 0, ...(buckets && { buckets: new Array(buckets.length + 1).fill(0) }) };
  counts.series.set(key, made);
  return made;
}
