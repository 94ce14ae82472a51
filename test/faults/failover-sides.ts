import { spawn } from 'node:child_process';
import { once } from 'node:events';
import getPort from 'get-port';
import { vi } from 'vitest';
import { localVars, startEdge } from '../../dev/edge.ts';
import type { Stand } from '../bench/stand.ts';
import { startProxy } from './proxy.ts';

const SECRET = 'a secret between the edge and the origin of a drill';

/** Another edge and its origin beside a stand, each in its own process, with a fault proxy between every pair of parts. */
export async function startSides(stand: Stand) {
  const portOf = (url: string) => Number(new URL(url).port);
  const originPort = await getPort();
  const [toNeon, toOrigin, toPostgres] = await Promise.all(
    [portOf(stand.endpoint), originPort, portOf(stand.databaseUrl)].map((port) => startProxy(port)),
  );
  if (!toNeon || !toOrigin || !toPostgres) throw new Error('A proxy is missing.');
  const database = new URL(stand.databaseUrl);
  database.port = String(toPostgres.port);
  const origin = await startOrigin(originPort, database.href);
  /** How often the edge's application was asked, by the request's id; and what nobody foresaw. */
  const tries = new Map<string, number>();
  const edge = await startEdge({
    port: await getPort(),
    databaseUrl: stand.databaseUrl,
    neonEndpoint: `${toNeon.url}/sql`,
    vars: { ORIGIN_URL: toOrigin.url, EDGE_SECRETS: SECRET },
    onLog(text) {
      const [, id] = /"event":"request","request_id":"([^"]+)"/.exec(text) ?? [];
      if (id) tries.set(id, (tries.get(id) ?? 0) + 1);
    },
  });
  return {
    home: await anotherHome(stand),
    /** The stand as it is seen through this edge. */
    stand: { ...stand, url: edge.url.replace(/\/$/, '') },
    origin: { url: `http://127.0.0.1:${originPort}`, secrets: [SECRET] as [string] },
    toNeon,
    toOrigin,
    toPostgres,
    /** In how many places, and how often, each request was tried. */
    attempts: () =>
      new Map(
        [...new Set([...tries.keys(), ...toOrigin.ids.keys()])].map((id) => [
          id,
          (tries.get(id) ?? 0) + (toOrigin.ids.get(id) ?? 0),
        ]),
      ),
    async stop() {
      await edge.close();
      origin.kill('SIGKILL');
      await once(origin, 'exit');
      await Promise.all([toNeon, toOrigin, toPostgres].map((proxy) => proxy.close()));
    },
  };
}

export type Sides = Awaited<ReturnType<typeof startSides>>;

/** To read: the one that tasks are made in grows. */
async function anotherHome({ query }: Stand): Promise<number> {
  const [home] = await query(`insert into residence_residence (name) values ('Elm House') returning id::int`);
  await query(
    `insert into residence_residence_users (residence_id, user_id, role)
     select $1, user_id, role from residence_residence_users where residence_id = 1`,
    [home.id],
  );
  await query(
    `insert into task_task (residence_id, title, due_date, next_due_date)
     select $1, 'Task ' || n, current_date + n, current_date + n from generate_series(1, 20) n`,
    [home.id],
  );
  return home.id;
}

async function startOrigin(port: number, databaseUrl: string) {
  const env = {
    ...process.env,
    ...localVars(),
    DATABASE_URL: databaseUrl,
    CALLERS: 'known',
    EDGE_SECRETS: SECRET,
    PORT: String(port),
    HOST: '127.0.0.1',
    POLL: 'false',
  };
  const child = spawn(process.execPath, ['origin/server.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    if (printed.length < 10_000) printed += chunk;
  });
  await vi.waitUntil(() => printed.includes('origin.listening'), 30_000);
  return child;
}
