import { b2Files } from '../../adapters/files.ts';
import { connect } from '../../db/client.ts';
import { chunksOf } from '../../queues/chunks-of.ts';
import { consume } from '../../queues/consume.ts';
import type { Worker } from '../../usecases/ports.ts';
import { bucketAt } from '../files/storage.ts';
import type { Stand } from './stand.ts';

/** What a queue hands over at once, and to how many at the same time. */
const BATCH = 100;
const CONSUMERS = 4;

/** Lets consumers work off so many events, each told to two people; answers how many a second. */
export async function drain({ query, databaseUrl }: Stand, events: number): Promise<number> {
  const ids = await fill(query, events);
  const worker = workerAt(databaseUrl);
  const batches = chunksOf(ids, BATCH).values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CONSUMERS }, async () => {
      for (const batch of batches) await consume(worker, batch.map(toDelivery));
    }),
  );
  const took_s = (performance.now() - started) / 1000;
  const [left] = await query(
    `select count(*)::int as pending, (select count(*)::int from notifications_notification
    where event_id = any ($1)) as told from outbox where id = any ($1) and done_at is null`,
    [ids],
  );
  if (left.pending > 0 || left.told !== 2 * events) throw new Error(`Not drained: ${JSON.stringify(left)}`);
  return events / took_s;
}

/** A home of three, and tasks made by one of them. */
async function fill(query: Stand['query'], events: number): Promise<number[]> {
  const [{ home }] = await query(
    `insert into residence_residence (name) values ('Elm House') returning id::int as home`,
  );
  await query(
    `insert into residence_residence_users (residence_id, user_id, role)
     select $1, n, case n when 1 then 'owner' else 'member' end from generate_series(1, 3) n`,
    [home],
  );
  await query(
    `with made as (insert into task_task (residence_id, title, created_by_id)
       select $1, 'Task ' || n, 1 from generate_series(1, 100) n returning id)
     insert into outbox (event) select jsonb_build_object('type', 'task.created', 'residence_id', $1::int, 'task_id', made.id)
     from made, generate_series(1, $2 / 100) n order by n, made.id`,
    [home, events],
  );
  const rows = await query(`select id::int from outbox where (event ->> 'residence_id')::int = $1 order by id`, [home]);
  return rows.map(({ id }) => id);
}

const toDelivery = (event_id: number) => ({ body: { event_id }, attempts: 1, ack() {}, retry: stop });
const stop = () => {
  throw new Error('A batch was given back.');
};

/** These events call nobody outside. */
function workerAt(databaseUrl: string): Worker {
  return {
    db: connect(databaseUrl),
    now: () => new Date().toISOString(),
    ring: stop,
    log: (event, fields) => void (event.endsWith('failed') && console.error(event, fields)),
    mail: stop,
    mailReports: { verify: stop, confirm: stop },
    push: stop,
    stores: { apple: null, google: null, stripe: null },
    files: b2Files(bucketAt('http://127.0.0.1:1')),
    settings: {
      verified_only: false,
      cors_origins: [],
      admin_origins: [],
      release: 'bench',
      signing_keys: ['-'],
      public_url: 'http://-',
    },
  };
}
