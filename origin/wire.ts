import { storesFrom } from '../adapters/billing/stores.ts';
import { countedCache } from '../adapters/cache/counted.ts';
import { cacheFrom } from '../adapters/cache.ts';
import { observatoryFrom } from '../adapters/observatory.ts';
import { outsidePorts } from '../adapters/outside.ts';
import { scryptPasswords } from '../adapters/passwords.ts';
import { telemetryFrom } from '../adapters/telemetry.ts';
import { connectBy } from '../db/client.ts';
import type { Count } from '../domain/cache.ts';
import { leftOf } from '../usecases/deadline.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Ports, Worker } from '../usecases/ports.ts';
import { nothingKept } from '../usecases/read-static-data.ts';
import { parseSettings } from '../usecases/settings.ts';
import { applePushFrom } from './apple-push.ts';
import { archiveAt } from './audit/archive.ts';
import { fileWork } from './files/work.ts';
import { newLimit } from './limit.ts';
import { askedOnce } from './near-cache.ts';
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
const FLUSH_MS = 5000;

export type Origin = {
  neon: Neon;
  worker: Worker;
  portsFor(address: string): Ports;
  drained(): Promise<void>;
  /** What all processes of the group count together. */
  count: Count | undefined;
};

/** Makes the ports of the origin: warm TCP under Neon's driver, Redis where it is near, events worked off in this process. */
export function wire(
  settings: OriginSettings,
  env: Record<string, unknown>,
  shift: Shift,
  { log, telemetry } = telemetryFrom(env, { runtime: 'origin', print: console.log }),
): Origin {
  const { DATABASE_URL, POOL_MAX, SITE_FOLDER } = settings;
  const neon = createNeon({
    maxConnections: POOL_MAX,
    onConnectionError: (error) => log('pool.lost', { error: String(error) }),
  });
  const passwords = scryptPasswords();
  const stores = storesFrom(env);
  const now = () => new Date().toISOString();
  const apple = applePushFrom(env, log, now);
  const outside = outsidePorts(env, { now, log, ios: apple.send, smtp: smtpMail });
  const observatory = observatoryFrom(env);
  const shared = parseSettings(env);
  const site = siteFrom(SITE_FOLDER);
  const found = cacheFrom(env, log);
  const cache = found && telemetry ? countedCache(found, telemetry.counts) : found;
  const limitWith = newLimit();
  const pressure = newPressure(settings.MAX_AT_ONCE);
  const running = new Set<Promise<unknown>>();
  const defer = (work: Promise<unknown>): void => {
    const done = work.finally(() => running.delete(done));
    running.add(done);
  };

  const jobs = connectBy(neon.client(DATABASE_URL, () => AbortSignal.timeout(JOB_TRIP_DEADLINE_MS)));
  const reach = { db: jobs, now, log, files: outside.files };
  const [makePaper, archiveAudit] = [papersAt(reach), archiveAt(reach)];
  const worker = ringHere(
    {
      db: jobs,
      now,
      log,
      ...outside,
      stores,
      settings: shared,
      cache,
      telemetry,
      fileWork: fileWork(),
      makePaper,
      archiveAudit,
    },
    shift,
  );

  // What jobs note, which have no answer to come after.
  const flushing = setInterval(() => telemetry?.flush && defer(telemetry.flush()), FLUSH_MS).unref();

  const static_data = nothingKept();
  const portsFor = (address: string, meter = newMeter()): Ports => {
    const near = cache && askedOnce(cache);
    return {
      db: connectBy(neon.client(DATABASE_URL, leftOf(meter, DATABASE_DEADLINE_MS))),
      meter,
      now,
      ring: worker.ring,
      defer,
      log,
      limit: limitWith(near?.count),
      cache: near,
      passwords,
      ...outside,
      stores,
      address,
      enter: pressure.enter,
      site: async (request) => await site.fetch(request),
      settings: shared,
      static_data,
      telemetry,
      observatory,
    };
  };
  const drained = async () => {
    await Promise.allSettled(running);
    await apple.close();
    clearInterval(flushing);
    await telemetry?.flush?.();
    pressure.stop();
  };
  return { neon, worker, portsFor, drained, count: found?.count };
}
