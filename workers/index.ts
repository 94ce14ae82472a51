import type { ExecutionContext, ExportedHandler, Fetcher, Queue, RateLimit } from '@cloudflare/workers-types';
import { neonConfig } from '@neondatabase/serverless';
import * as z from 'zod';
import { storesFrom } from '../adapters/billing/stores.ts';
import { outsidePorts } from '../adapters/outside.ts';
import { scryptPasswords } from '../adapters/passwords.ts';
import { connect } from '../db/client.ts';
import type { Stores } from '../domain/billing.ts';
import type { Doorbell } from '../domain/event.ts';
import { consume } from '../queues/consume.ts';
import { noteLost } from '../queues/dead.ts';
import { runScheduled } from '../queues/schedule.ts';
import type { Log, Ports } from '../usecases/ports.ts';
import { parseSettings } from '../usecases/settings.ts';
import { app } from './app.ts';

/** All of a request's statements together may take this long (architecture.md, Failover). */
const DATABASE_DEADLINE_MS = 3000;
/** What a job may take, short of its lease. */
const JOB_DEADLINE_MS = 30_000;
/** What a queue takes in one call. */
const QUEUE_BATCH = 100;

const Environment = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  /** Where Neon's SQL over HTTP is answered, if not where the connection string says. */
  NEON_ENDPOINT: z.url().optional(),
});

type Env = z.infer<typeof Environment> & {
  JOBS: Queue<Doorbell>;
  ASSETS: Fetcher;
  TOKEN_LIMIT: RateLimit;
  ADDRESS_LIMIT: RateLimit;
};

const passwords = scryptPasswords();
/** Made of the first request's environment: an isolate has one. */
let stores: Stores | undefined;
let outside: ReturnType<typeof outsidePorts> | undefined;
const log: Log = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));

function wire(env: Env, background: ExecutionContext, deadline_ms: number, address = ''): Ports {
  const { DATABASE_URL, NEON_ENDPOINT } = Environment.parse(env);
  if (NEON_ENDPOINT) neonConfig.fetchEndpoint = NEON_ENDPOINT;
  stores ??= storesFrom(env);
  outside ??= outsidePorts(env);
  return {
    db: connect(DATABASE_URL, AbortSignal.timeout(deadline_ms)),
    now: () => new Date().toISOString(),
    async ring(event_ids, delay_s = 0) {
      const doorbells = event_ids.map((event_id) => ({ body: { event_id }, delaySeconds: delay_s }));
      for (let at = 0; at < doorbells.length; at += QUEUE_BATCH) {
        await env.JOBS.sendBatch(doorbells.slice(at, at + QUEUE_BATCH));
      }
    },
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
  };
}

/** The edge: three ways in, one application behind them. */
export default {
  async fetch(request, env, background) {
    const address = request.headers.get('cf-connecting-ip') ?? 'unknown';
    const ports = wire(env, background, DATABASE_DEADLINE_MS, address);
    return (await app.fetch(request as unknown as Request, ports, background)) as never;
  },
  async queue(batch, env, background) {
    const ports = wire(env, background, JOB_DEADLINE_MS);
    await (batch.queue.endsWith('-dead') ? noteLost(ports, batch.messages) : consume(ports, batch.messages));
  },
  async scheduled({ cron }, env, background) {
    await runScheduled(cron, wire(env, background, JOB_DEADLINE_MS));
  },
} satisfies ExportedHandler<Env, Doorbell>;
