import type { Db } from '../db/client.ts';
import type { Person, World } from './home.ts';

type Request = [method: string, path: string, by: Person | null, input?: unknown];

/**
 * Sends requests of two round trips that overlap: each has made its first before any makes its second, and the seconds
 * come in the order of the requests. Answers in that order too.
 */
export function race(world: World, requests: Request[]) {
  const meet = meetingOf(requests.length);
  let before: Promise<unknown> = Promise.resolve();
  const answers = requests.map(([method, path, by, input]) => {
    const ahead = before;
    const db = stoppingOnce(world.ports.db, () => meet().then(() => ahead));
    const answer = world.send(method, path, by, input, { ports: { db } });
    before = answer;
    return answer;
  });
  return Promise.all(answers);
}

/** A wait that ends for all when the last has come. */
function meetingOf(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === count) resolve();
    return promise;
  };
}

/** A database that waits after the first batch. */
function stoppingOnce(db: Db, wait: () => Promise<unknown>): Db {
  let isFirst = true;
  const batch: Db['batch'] = async (statements) => {
    const isToWait = isFirst;
    isFirst = false;
    const results = await db.batch(statements);
    if (isToWait) await wait();
    return results;
  };
  return new Proxy(db, { get: (target, name) => (name === 'batch' ? batch : Reflect.get(target, name)) });
}
