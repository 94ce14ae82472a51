import { post } from '../../adapters/telemetry/post.ts';
import { parseTelemetry } from '../../adapters/telemetry/settings.ts';

const DEADLINE_MS = 10_000;

/** Tells the API, whose pods show it, that a backup was stored. A backup that nobody hears of is one all the same. */
export async function tellOf(env: Record<string, unknown>, backup_succeeded_at: string): Promise<void> {
  const { METRICS_URL, METRICS_TOKEN } = parseTelemetry(env);
  if (METRICS_URL === undefined) return;
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const isTaken = await post(METRICS_URL, { backup_succeeded_at }, headers, AbortSignal.timeout(DEADLINE_MS));
  if (!isTaken) throw new Error('The API did not understand.');
}
