import type { Telemetry } from '../../domain/telemetry/telemetry.ts';
import { hop } from '../../usecases/hop.ts';
import { newMeter } from '../../usecases/meter.ts';
import type { Log, Meter, Notes } from '../../usecases/ports.ts';
import { MAX_JSON_BYTES, tooLarge } from '../http/body-limit.ts';
import { bareProblem, crashed, described } from '../http/problem.ts';
import { askOrigin } from './ask-origin.ts';
import { newBreaker, type Try } from './breaker.ts';
import { type Plan, planOf } from './plan.ts';
import { type Bytes, bodyOf, withKey } from './request.ts';
import { sendAgain } from './send-again.ts';
import type { Origin } from './settings.ts';

/** The whole request, the edge's own three seconds for its database included. */
const WHOLE_MS = 9500;
/** A little more than the origin gives its database. */
const ORIGIN_MS = 6500;
/** What is not worth a try. */
const LEAST_MS = 200;
/** A form of fifty megabytes on a slow line: as long as the application itself allows (http/form.ts). */
const STREAM_MS = 10 * 60_000;

/** One try at the edge: the application, with what it tells besides its answer. */
export type Here = (request: Request, told: { meter: Meter; tookBody: (body: Bytes) => void }) => Promise<Response>;

type Asker = {
  request: Request;
  address: string;
  plan: Plan;
  began: number;
  request_id: string;
  notes?: Notes | undefined;
};
type Reason = 'database' | 'crash' | 'open';
type Options = { origin: Origin | null; log: Log; telemetry?: Telemetry | undefined; now?: () => number };

/**
 * Answers each request at the edge, and at the origin if the edge could not: its path to the database is cut, or it has
 * crashed. Nothing is tried more than once in either place.
 */
export function newFailover({ origin, log, telemetry, now = Date.now }: Options) {
  const told = (path: 'edge' | 'origin') => (is_open: boolean) => log('failover.breaker', { path, is_open });
  const edge = newBreaker({ now, patience_ms: 1000, lasts_ms: 4000, onTurn: told('edge') });
  const there = newBreaker({ now, patience_ms: 4000, lasts_ms: WHOLE_MS, onTurn: told('origin') });

  return async function serve(asked: Request, address: string, here: Here): Promise<Response> {
    const plan = planOf(asked);
    if (origin === null || plan === 'here') return byEdge(await here(asked, { meter: newMeter(), tookBody() {} }));
    const { request, isKeyOurs } = plan === 'twice' ? withKey(asked) : { request: asked, isKeyOurs: false };
    const request_id = asked.headers.get('x-request-id') ?? crypto.randomUUID();
    const asker = { request, address, plan, began: now(), request_id };
    const own = edge.begin(plan === 'twice');
    const answer = await (own ? edgeFirst(origin, asker, here, own) : originFirst(origin, asker, here));
    // Who sent no key does not expect to be told that it was used.
    if (isKeyOurs) answer.headers.delete('idempotency-replayed');
    return answer;
  };

  async function edgeFirst(origin: Origin, asker: Asker, here: Here, end: Try): Promise<Response> {
    const { request, plan } = asker;
    const { answer, reason, taken, notes } = await tryHere(asker, here, end);
    if (!reason) return byEdge(answer);
    const request_id = answer.headers.get('x-request-id') ?? asker.request_id;
    if (plan !== 'twice') return byEdge(await sendAgain(plan, request_id, answer));
    const body = await bodyOf(request, taken);
    return (await elsewhere(origin, { ...asker, request_id, notes }, reason, body)) ?? byEdge(answer);
  }

  async function originFirst(origin: Origin, asker: Asker, here: Here): Promise<Response> {
    const { request, plan, request_id } = asker;
    const body = plan === 'stream' ? request.body : await bodyOf(request, undefined);
    if (body === undefined) return byEdge(bareProblem(tooLarge(MAX_JSON_BYTES), request_id));
    const answer = await elsewhere(origin, asker, 'open', body);
    if (answer) return answer;
    if (plan !== 'twice') return byEdge(await sendAgain(plan, request_id));
    // The origin is away too: what is left is the edge's own path, which may be back.
    const { url, method, headers } = request;
    const again = { ...asker, request: new Request(url, { method, headers, body }) };
    return byEdge((await tryHere(again, here, () => {})).answer);
  }

  async function tryHere({ request, request_id }: Asker, here: Here, end: Try) {
    const meter = newMeter();
    let taken: Bytes | undefined;
    const tookBody = (body: Bytes) => {
      taken = body;
    };
    const answer = await here(request, { meter, tookBody }).catch((error: Error) => {
      meter.has_crashed = true;
      log('request.crashed', { request_id, ...described(error) });
      return bareProblem(crashed(), request_id);
    });
    const { is_away = false, has_crashed = false, trips } = meter;
    end(is_away || has_crashed ? 'bad' : trips > 0 ? 'good' : 'neither');
    // Without its database the application may still have a good answer, or a copy of one that was.
    const isShort = answer.status >= 500 || answer.headers.has('x-served-stale');
    const reason: Reason | null = has_crashed ? 'crash' : is_away && isShort ? 'database' : null;
    return { answer, reason, taken, notes: meter.notes };
  }

  /** The origin's answer; null if it has none, or is known to be away. */
  async function elsewhere(
    origin: Origin,
    { request, address, plan, began, request_id, notes }: Asker,
    reason: Reason,
    body: Bytes | ReadableStream | null | undefined,
  ): Promise<Response | null> {
    const left_ms = plan === 'stream' ? STREAM_MS : Math.min(ORIGIN_MS, WHOLE_MS - (now() - began));
    if (body === undefined || left_ms < LEAST_MS) return null;
    const from = now();
    const end = there.begin(true);
    const asked = end
      ? await hop(telemetry, { reason, request_id, headers: request.headers, notes }, (traceparent) =>
          askOrigin(origin, request, { address, request_id, traceparent, body, deadline_ms: left_ms }),
        )
      : { answer: null, error: 'known to be away' };
    end?.(asked.answer ? 'good' : 'bad');
    const { answer, ...rest } = asked;
    const status = answer?.status ?? null;
    log('failover', { request_id, reason, method: request.method, status, ...rest, ms: now() - from });
    answer?.headers.set('x-served-by', 'origin');
    return answer;
  }
}

function byEdge(answer: Response): Response {
  answer.headers.set('x-served-by', 'edge');
  return answer;
}
