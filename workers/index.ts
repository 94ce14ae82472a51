import type { ExecutionContext, ExportedHandler, Fetcher, Queue, RateLimit } from '@cloudflare/workers-types';
import { neonConfig } from '@neondatabase/serverless';
import * as z from 'zod';
import { storesFrom } from '../adapters/billing/stores.ts';
import { countedCache } from '../adapters/cache/counted.ts';
import { cacheFrom } from '../adapters/cache.ts';
import { observatoryFrom } from '../adapters/observatory.ts';
import { outsidePorts } from '../adapters/outside.ts';
import { scryptPasswords } from '../adapters/passwords.ts';
import { atTheOrigin } from '../adapters/push-carriers.ts';
import { telemetryFrom } from '../adapters/telemetry.ts';
import { connect } from '../db/client.ts';
import type { Stores } from '../domain/billing.ts';
import type { Cache } from '../domain/cache.ts';
import type { Doorbell } from '../domain/event.ts';
import { consume } from '../queues/consume.ts';
import { noteLost } from '../queues/dead.ts';
import { ringIn } from '../queues/ring.ts';
import { runScheduled } from '../queues/schedule.ts';
import { leftOf } from '../usecases/deadline.ts';
import type { Ports } from '../usecases/ports.ts';
import { nothingKept } from '../usecases/read-static-data.ts';
import { parseSettings } from '../usecases/settings.ts';
import { app } from './app.ts';
import { originBell } from './failover/bell.ts';
import { newFailover } from './failover/serve.ts';
import { type Origin, originFrom } from './failover/settings.ts';

/** All of a request's statements together may take this long (architecture.md, Failover). */
const DATABASE_DEADLINE_MS = 3000;
/** What each round trip of a job may take, well within its lease. */
const JOB_TRIP_DEADLINE_MS = 15_000;

const Environment = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  /** Where Neon's SQL over HTTP is answered, if not where the connection string says. */
  NEON_ENDPOINT: z.url().optional(),
});

type Env = z.infer<typeof Environment> & {
  JOBS: Queue<Doorbell>;
  PUSH: Queue<Doorbell>;
  MAIL: Queue<Doorbell>;
  MAINTENANCE: Queue<Doorbell>;
  ASSETS: Fetcher;
  TOKEN_LIMIT: RateLimit;
  ADDRESS_LIMIT: RateLimit;
};

const passwords = scryptPasswords();
/** Made of the first request's environment: an isolate has one. */
let stores: Stores | undefined;
let outside: ReturnType<typeof outsidePorts> | undefined;
let observatory: ReturnType<typeof observatoryFrom> | undefined;
let cache: Cache | null | undefined;
let origin: Origin | null | undefined;
let failover: ReturnType<typeof newFailover> | undefined;
let here: ReturnType<typeof telemetryFrom> | undefined;
const kept = nothingKept();
const now = () => new Date().toISOString();
function originOf(env: Env): Origin | null {
  if (origin === undefined) origin = originFrom(env);
  return origin;
}
const bellsAt = (there: Origin | null) =>
  there ? { long: originBell(there, 'long'), apns: originBell(there, 'apns') } : {};
const noted = (env: Env) => (here ??= telemetryFrom(env, { runtime: 'edge', print: console.log }));

function wire(env: Env, background: ExecutionContext, deadline: Parameters<typeof connect>[1], address = ''): Ports {
  const { DATABASE_URL, NEON_ENDPOINT } = Environment.parse(env);
  if (NEON_ENDPOINT) neonConfig.fetchEndpoint = NEON_ENDPOINT;
  const { log, telemetry } = noted(env);
  stores ??= storesFrom(env);
  outside ??= outsidePorts(env, { now, log, ios: atTheOrigin, smtp: null });
  observatory ??= observatoryFrom(env);
  if (cache === undefined) {
    const found = cacheFrom(env, log, false) ?? null;
    cache = found && telemetry ? countedCache(found, telemetry.counts) : found;
  }
  return {
    db: connect(DATABASE_URL, deadline),
    now,
    ring: ringIn({
      ...{ jobs: env.JOBS, push: env.PUSH, mail: env.MAIL, maintenance: env.MAINTENANCE },
      ...bellsAt(originOf(env)),
    }),
    defer: (work) => background.waitUntil(work),
    log,
    async limit(by, subject) {
      const { success } = await (by === 'token' ? env.TOKEN_LIMIT : env.ADDRESS_LIMIT).limit({ key: subject });
      return success;
    },
    passwords,
    ...outside,
    stores,
    address,
    site: async (request) =>
      (await env.ASSETS.fetch(request.url, { headers: [...request.headers] })) as unknown as Response,
    settings: parseSettings(env),
    static_data: kept,
    cache: cache ?? undefined,
    telemetry,
    observatory,
  };
}

const ofEachTrip = () => AbortSignal.timeout(JOB_TRIP_DEADLINE_MS);

/** The edge: three ways in, one application behind them. */
export default {
  async fetch(request, env, background) {
    // What has a body can't be asked again: of that it is gone.
    if (['GET', 'HEAD'].includes(request.method)) background.passThroughOnException();
    const { log, telemetry } = noted(env);
    failover ??= newFailover({ origin: originOf(env), log, telemetry });
    const address = request.headers.get('cf-connecting-ip') ?? 'unknown';
    return (await failover(request as unknown as Request, address, async (request, told) => {
      const ports = { ...wire(env, background, leftOf(told.meter, DATABASE_DEADLINE_MS), address), ...told };
      return await app.fetch(request, ports, background);
    })) as never;
  },
  async queue(batch, env, background) {
    const ports = wire(env, background, ofEachTrip);
    await (batch.queue.endsWith('-dead') ? noteLost(ports, batch.messages) : consume(ports, batch.messages));
    if (ports.telemetry?.flush) background.waitUntil(ports.telemetry.flush());
  },
  async scheduled({ cron }, env, background) {
    const ports = wire(env, background, ofEachTrip);
    if (ports.telemetry?.flush) background.waitUntil(ports.telemetry.flush());
    await runScheduled(cron, ports);
  },
} satisfies ExportedHandler<Env, Doorbell>;
