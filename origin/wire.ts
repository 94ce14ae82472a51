import { neonConfig } from '@neondatabase/serverless';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { storesFrom } from '../adapters/billing/stores.ts';
import { outsidePorts } from '../adapters/outside.ts';
import { scryptPasswords } from '../adapters/passwords.ts';
import { connect } from '../db/client.ts';
import { leftOf } from '../usecases/deadline.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Log, Ports, Worker } from '../usecases/ports.ts';
import { nothingKept } from '../usecases/read-static-data.ts';
import { parseSettings } from '../usecases/settings.ts';
import { REQUESTS_PER_MINUTE } from '../workers/http/rate-limit.ts';
import { applePushFrom } from './apple-push.ts';
import { fileWork } from './files/work.ts';
import { createNeon, type Neon } from './neon/fetch.ts';
import { papersAt } from './papers/make.ts';
import { newPressure } from './pressure.ts';
import { ringHere } from './ring.ts';
import type { OriginSettings } from './settings.ts';
import type { Shift } from './shift.ts';
import { siteFrom } from './site.ts';
import { smtpMail } from './smtp.ts';

/** All of a request's statements together may take this long (architecture.md, Failover). */
const DATABASE_DEADLINE_MS = 6000;
/** What each round trip of a job may take, well within its lease. */
const JOB_TRIP_DEADLINE_MS = 15_000;

export const log: Log = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));

export type Origin = { neon: Neon; worker: Worker; portsFor(address: string): Ports; drained(): Promise<void> };

/** Makes the ports of the origin: warm TCP under Neon's driver, limits in memory, events worked off in this process. */
export function wire(settings: OriginSettings, env: Record<string, unknown>, shift: Shift): Origin {
  const { DATABASE_URL, POOL_MAX, SITE_FOLDER } = settings;
  const neon = createNeon({
    maxConnections: POOL_MAX,
    onConnectionError: (error) => log('pool.lost', { error: String(error) }),
  });
  neonConfig.fetchFunction = neon.fetch;
  const passwords = scryptPasswords();
  const stores = storesFrom(env);
  const now = () => new Date().toISOString();
  const apple = applePushFrom(env, log, now);
  const outside = outsidePorts(env, { now, log, ios: apple.send, smtp: smtpMail });
  const shared = parseSettings(env);
  const site = siteFrom(SITE_FOLDER);
  const counters = {
    token: new RateLimiterMemory({ points: REQUESTS_PER_MINUTE.token, duration: 60 }),
    address: new RateLimiterMemory({ points: REQUESTS_PER_MINUTE.address, duration: 60 }),
  };
  const pressure = newPressure(settings.MAX_AT_ONCE);
  const running = new Set<Promise<unknown>>();
  const defer = (work: Promise<unknown>): void => {
    const done = work.finally(() => running.delete(done));
    running.add(done);
  };

  const jobs = connect(DATABASE_URL, () => AbortSignal.timeout(JOB_TRIP_DEADLINE_MS));
  const makePaper = papersAt({ db: jobs, now, log, files: outside.files });
  const worker = ringHere(
    { db: jobs, now, log, ...outside, stores, settings: shared, fileWork: fileWork(), makePaper },
    shift,
  );

  const static_data = nothingKept();
  const portsFor = (address: string, meter = newMeter()): Ports => ({
    db: connect(DATABASE_URL, leftOf(meter, DATABASE_DEADLINE_MS)),
    meter,
    now,
    ring: worker.ring,
    defer,
    log,
    limit: async (by, subject) => await consumes(counters[by], subject),
    passwords,
    ...outside,
    stores,
    address,
    enter: pressure.enter,
    site: async (request) => await site.fetch(request),
    settings: shared,
    static_data,
  });
  const drained = async () => {
    await Promise.allSettled(running);
    await apple.close();
    pressure.stop();
  };
  return { neon, worker, portsFor, drained };
}

/** True if the subject had a point left. The limiter rejects with its own kind of result, and with errors of ours. */
async function consumes(counter: RateLimiterMemory, subject: string): Promise<boolean> {
  try {
    await counter.consume(subject);
    return true;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return false;
    throw refusal;
  }
}
