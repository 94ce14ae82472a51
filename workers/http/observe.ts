import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { newMeter } from '../../usecases/meter.ts';
import type { Asking, Meter, Passwords, Ports } from '../../usecases/ports.ts';
import type { AppEnv } from './env.ts';

const REQUEST_ID = /^[\w.=+/-]{1,100}$/;
/** What follows the numbers, a build or a suffix, says nothing of age. */
const APP_VERSION = /^\d{1,6}(\.\d{1,6}){0,3}/;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Names the request, follows it, and closes it: request id, trace context, Server-Timing and the one log line. */
export const observe = (): MiddlewareHandler<AppEnv> =>
  async function observe(c, next) {
    const started = performance.now();
    const meter: Meter = c.env.meter ?? newMeter();
    const asking = follow(c.env, c.req.raw.headers, meter);
    c.set('request_id', asking.request_id);
    c.set('asking', asking);
    await next();

    const total_ms = performance.now() - started;
    c.res.headers.set('x-request-id', asking.request_id);
    c.res.headers.set('x-correlation-id', asking.request_id);
    c.res.headers.set('server-timing', serverTiming(meter, total_ms));
    c.env.log('request', {
      request_id: asking.request_id,
      trace_id: asking.traceparent.split('-')[1],
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      trips: meter.trips,
      db_ms: Math.round(meter.db_ms),
      total_ms: Math.round(total_ms),
    });
  };

/** The pattern that was matched, so that lines about one operation are alike; whatever stands for many is middleware. */
const routeOf = (c: Context<AppEnv>): string =>
  matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? 'none';

function follow(ports: Ports, headers: Headers, meter: Meter): Asking {
  const given = headers.get('x-request-id') ?? headers.get('x-correlation-id') ?? '';
  const { db, now, ring, defer, log, verifyIdentity, stores, files, address, settings, static_data } = ports;
  return {
    db,
    now,
    ring,
    log,
    verifyIdentity,
    stores,
    files,
    address,
    settings,
    static_data,
    meter,
    defer: (work) => defer(work.catch((error) => log('deferred.failed', { error: String(error) }))),
    passwords: timed(ports.passwords, meter),
    request_id: REQUEST_ID.test(given) ? given : crypto.randomUUID(),
    traceparent: continued(headers.get('traceparent')),
    user_agent: headers.get('user-agent')?.slice(0, 300) ?? null,
    app_version: APP_VERSION.exec(headers.get('x-app-version') ?? '')?.[0] ?? null,
  };
}

/** The caller's trace with a span of ours, or a trace of our own. */
function continued(traceparent: string | null): string {
  const [, trace_id = hex(16), , flags = '01'] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return `00-${trace_id}-${hex(8)}-${flags}`;
}

const hex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const timed = ({ hash, verify }: Passwords, meter: Meter): Passwords => {
  const during = async <T>(work: Promise<T>): Promise<T> => {
    const started = performance.now();
    try {
      return await work;
    } finally {
      meter.auth_ms += performance.now() - started;
    }
  };
  return { hash: (password) => during(hash(password)), verify: (password, kept) => during(verify(password, kept)) };
};

const serverTiming = ({ trips, db_ms, auth_ms, storage_ms = 0 }: Meter, total_ms: number): string => {
  const legs = { auth: auth_ms, db: db_ms, cache: 0, storage: storage_ms, total: total_ms };
  const timed = Object.entries(legs).map(([leg, ms]) => `${leg};dur=${ms.toFixed(1)}`);
  return [...timed, `trips;desc="${trips}"`].join(', ');
};
