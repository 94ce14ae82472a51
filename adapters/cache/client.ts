import { Redis } from '@upstash/redis/cloudflare';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { Log } from '../../usecases/ports.ts';

const DEADLINE_MS = 80;
const FAILURES_TO_OPEN = 3;
const HALF_OPEN_AFTER_MS = 5000;
/** With these codes Redis says no to one command. All else means that it is not there for anybody. */
const REFUSAL = /^(ERR|OOM|NOPERM|WRONGTYPE|NOSCRIPT|EXECABORT|MISCONF|READONLY) /;

export type Client = {
  /** Runs a script; undefined if Redis is away or would not. */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
};
export type ClientOptions = { url: string; token: string; log: Log; deadline_ms?: number; half_open_after_ms?: number };

/** Redis by its gateway, asked once and for 80 ms; after three failures in a row not at all, but for a try each 5 s. */
export function upstashClient({
  url,
  token,
  log,
  deadline_ms = DEADLINE_MS,
  half_open_after_ms = HALF_OPEN_AFTER_MS,
}: ClientOptions): Client {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(deadline_ms), // a signal that is no function would answer 200 when it fires
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    readYourWrites: false,
    responseEncoding: false,
  });
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: half_open_after_ms,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  breaker.onBreak((reason) => log('cache.away', { error: nameOf('error' in reason ? reason.error : reason) }));
  breaker.onReset(() => log('cache.back'));

  return {
    async run(script, keys, args) {
      // While one call tries whether Redis is back, the others would wait for it.
      if (breaker.state === CircuitState.HalfOpen) return undefined;
      try {
        return await breaker.execute(() => orRefusal(redis.eval(script, [...keys], [...args]), log));
      } catch {
        return undefined; // counted by the breaker, which tells when it opens
      }
    },
  };
}

/** Of the rest of a message nobody knows whose data it is. */
const nameOf = (error: unknown): string =>
  error instanceof Error
    ? (/^(UNAVAILABLE [\w ]+|Unauthorized)/.exec(error.message)?.[0] ?? error.name)
    : String(error);

/** A refusal is an answer. Its text goes on with the command and what was to be kept, which is nobody's to read. */
async function orRefusal(answer: Promise<unknown>, log: Log): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Error && REFUSAL.test(error.message))) throw error;
    log('cache.refused', { error: error.message.split(', command was: ')[0] });
    return undefined;
  }
}
