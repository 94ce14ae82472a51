import type { ExecutionContext, ExportedHandler, Fetcher, Queue, RateLimit } from '@cloudflare/workers-types';
import { neonConfig } from '@neondatabase/serverless';
import * as z from 'zod';
import { storesFrom } from '../adapters/billing/stores.ts';
import { outsidePorts } from '../adapters/outside.ts';
import { scryptPasswords } from '../adapters/passwords.ts';
import { atTheOrigin } from '../adapters/push-carriers.ts';
import { connect } from '../db/client.ts';
import type { Stores } from '../domain/billing.ts';
import type { Doorbell } from '../domain/event.ts';
import { consume } from '../queues/consume.ts';
import { noteLost } from '../queues/dead.ts';
import { ringIn } from '../queues/ring.ts';
import { runScheduled } from '../queues/schedule.ts';
import { leftOf } from '../usecases/deadline.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Log, Ports } from '../usecases/ports.ts';
import { nothingKept } from '../usecases/read-static-data.ts';
import { parseSettings } from '../usecases/settings.ts';
import { app } from './app.ts';

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
const kept = nothingKept();
const now = () => new Date().toISOString();
const log: Log = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));

function wire(env: Env, background: ExecutionContext, deadline: Parameters<typeof connect>[1], address = ''): Ports {
  const { DATABASE_URL, NEON_ENDPOINT } = Environment.parse(env);
  if (NEON_ENDPOINT) neonConfig.fetchEndpoint = NEON_ENDPOINT;
  stores ??= storesFrom(env);
  outside ??= outsidePorts(env, { now, log, ios: atTheOrigin, smtp: null });
  return {
    db: connect(DATABASE_URL, deadline),
    now,
    ring: ringIn({ jobs: env.JOBS, push: env.PUSH, mail: env.MAIL, maintenance: env.MAINTENANCE }),
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
  };
}

const ofEachTrip = () => AbortSignal.timeout(JOB_TRIP_DEADLINE_MS);

/** The edge: three ways in, one application behind them. */
export default {
  async fetch(request, env, background) {
    const address = request.headers.get('cf-connecting-ip') ?? 'unknown';
    const meter = newMeter();
    const ports = { ...wire(env, background, leftOf(meter, DATABASE_DEADLINE_MS), address), meter };
    return (await app.fetch(request as unknown as Request, ports, background)) as never;
  },
  async queue(batch, env, background) {
    const ports = wire(env, background, ofEachTrip);
    await (batch.queue.endsWith('-dead') ? noteLost(ports, batch.messages) : consume(ports, batch.messages));
  },
  async scheduled({ cron }, env, background) {
    await runScheduled(cron, wire(env, background, ofEachTrip));
  },
} satisfies ExportedHandler<Env, Doorbell>;
