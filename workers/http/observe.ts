import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { traceparentOf } from '../../domain/telemetry/trace-context.ts';
import { newMeter } from '../../usecases/meter.ts';
import type { Asking, Meter, Passwords, Ports } from '../../usecases/ports.ts';
import { traced } from '../../usecases/traced.ts';
import type { AppEnv } from './env.ts';
import { type Tracked, track } from './track.ts';

const REQUEST_ID = /^[\w.=+/-]{1,100}$/;
/** What follows the numbers, a build or a suffix, says nothing of age. */
const APP_VERSION = /^\d{1,6}(\.\d{1,6}){0,3}/;
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Names the request, follows it, and closes it: request id, trace, Server-Timing, counts and the one log line. */
export const observe = (): MiddlewareHandler<AppEnv> =>
  async function observe(c, next) {
    const started = performance.now();
    const meter: Meter = c.env.meter ?? newMeter();
    const tracked = track(c.env, c.req.raw.headers, meter);
    const asking = follow(c.env, c.req.raw.headers, meter, tracked);
    c.set('request_id', asking.request_id);
    c.set('asking', asking);
    await next();

    const total_ms = performance.now() - started;
    c.res.headers.set('x-request-id', asking.request_id);
    c.res.headers.set('x-correlation-id', asking.request_id);
    c.res.headers.set('server-timing', serverTiming(meter, total_ms));
    const method = METHODS.test(c.req.method) ? c.req.method : 'other';
    const [route, { status }] = [routeOf(c), c.res];
    const user_id = c.var.ctx?.session.user_id ?? null;
    asking.log('request', {
      method,
      route,
      status,
      user_id,
      trips: meter.trips,
      db_ms: Math.round(meter.db_ms),
      duration_ms: Math.round(total_ms),
    });
    const { request_id } = asking;
    if (c.env.telemetry) tracked.close(c.env.telemetry, { request_id, method, route, status, user_id, meter, started });
  };

/** The pattern that was matched, so that lines about one operation are alike; whatever stands for many is middleware. */
const routeOf = (c: Context<AppEnv>): string =>
  matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path ?? 'none';

function follow(ports: Ports, headers: Headers, meter: Meter, { place, defer }: Tracked): Asking {
  const given = headers.get('x-request-id') ?? headers.get('x-correlation-id') ?? '';
  const { db, now, log, verifyIdentity, stores, address, settings, static_data, cache } = ports;
  const request_id = REQUEST_ID.test(given) ? given : crypto.randomUUID();
  const named = { request_id, trace_id: place.trace_id };
  const { files, ring } = traced({ files: ports.files, ring: ports.ring }, { meter });
  return {
    db,
    now,
    ring,
    log: (event, fields) => log(event, { ...named, ...fields }),
    verifyIdentity,
    stores,
    files,
    address,
    settings,
    static_data,
    cache,
    meter,
    defer: (work) => defer(work.catch((error) => log('deferred.failed', { error: String(error) }))),
    passwords: timed(ports.passwords, meter),
    request_id,
    traceparent: traceparentOf(place),
    user_agent: headers.get('user-agent')?.slice(0, 300) ?? null,
    app_version: APP_VERSION.exec(headers.get('x-app-version') ?? '')?.[0] ?? null,
  };
}

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

const serverTiming = (meter: Meter, total_ms: number): string => {
  const { trips, db_ms, auth_ms, storage_ms = 0, cache_ms = 0, cache } = meter;
  const legs = { auth: auth_ms, db: db_ms, cache: cache_ms, storage: storage_ms, total: total_ms };
  const timed = Object.entries(legs).map(([leg, ms]) => `${leg};dur=${ms.toFixed(1)}`);
  return [...timed, `trips;desc="${trips}"`, ...(cache ? [`kept;desc="${cache}"`] : [])].join(', ');
};
