import getPort from 'get-port';
import { startEdge } from '../../dev/edge.ts';
import { METRICS_TOKEN } from '../telemetry/observed.ts';
import { startReceiver } from '../telemetry/receiver.ts';
import { headersFor, type Stand } from './stand.ts';

const ROUNDS = 300;
const WARM_UP = 40;

/**
 * Milliseconds of the board, sorted, at two Workers on one stand that take turns: one that tells nobody, and one whose
 * sinks take every span, line and count.
 */
export async function timeTelemetry(stand: Stand): Promise<{ without: number[]; with: number[]; got: number }> {
  const sink = await startReceiver();
  const vars = {
    OTLP_URL: `${sink.url}/v1/traces`,
    LOKI_URL: `${sink.url}/loki/api/v1/push`,
    METRICS_URL: `${sink.url}/internal/metrics`,
    METRICS_TOKEN,
  };
  const shared = { databaseUrl: stand.databaseUrl, neonEndpoint: stand.endpoint, onLog() {} };
  const [silent, telling] = [
    await startEdge({ ...shared, port: await getPort() }),
    await startEdge({ ...shared, port: await getPort(), vars }),
  ];
  const took = { without: [] as number[], with: [] as number[] };
  for (let n = -WARM_UP; n < ROUNDS; n += 1) {
    // Whoever comes second finds the database warm: they change places.
    const turns = [
      [took.without, silent],
      [took.with, telling],
    ] as const;
    for (const [list, { url }] of n % 2 === 0 ? turns : turns.toReversed()) {
      const started = performance.now();
      const answer = await fetch(`${url.replace(/\/$/, '')}/api/tasks/`, {
        headers: { ...headersFor(stand, n + WARM_UP), 'accept-encoding': 'identity' },
      });
      await answer.text();
      if (!answer.ok) throw new Error(`The board answered ${answer.status}.`);
      if (n >= 0) list.push(performance.now() - started);
    }
  }
  await Promise.all([silent.close(), telling.close()]);
  await sink.close();
  for (const list of Object.values(took)) list.sort((a, b) => a - b);
  return { ...took, got: sink.got.length };
}
