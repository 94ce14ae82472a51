import autocannon, { type Request } from 'autocannon';
import { headersFor, type Stand } from '../bench/stand.ts';
import { type Finding, finding } from './finding.ts';
import { rssMib } from './memory.ts';

const CONNECTIONS = 16;
/** Of so many requests one is a write. */
const WRITE_EVERY = 5;
const ROUND_S = 5;
/** Memory that rises by less in a round has settled. */
const SETTLED = 0.02;
const SAMPLE_MS = 250;

type Options = { seconds: number; warm_up_s_max: number; growth_max: number };

/** Boards read and tasks made as fast as 16 connections can, while the memory of whoever serves them is watched. */
export async function load(stand: Stand, { seconds, warm_up_s_max, growth_max }: Options): Promise<Finding[]> {
  const { workerd, neon } = stand.pids();
  const processes = { workerd: workerd.at(-1) ?? 0, 'the Neon endpoint': neon };
  const residence_id = await anotherHome(stand);
  const warmed_s = await warmUp(stand, residence_id, warm_up_s_max, Object.values(processes));
  const watches = Object.entries(processes).map(([name, pid]) => ({ name, ...watch(pid) }));
  const { errors, non2xx, requests, latency } = await fire(stand, residence_id, seconds);
  const what = `${seconds} s at ${CONNECTIONS} connections`;
  return [
    finding(
      `${what}: no error`,
      errors + non2xx === 0 && requests.total > 0 && stand.crashes.length === 0,
      `${requests.total} answers, ${non2xx} not 2xx, ${errors} errors, p50 ${latency.p50} ms, p99 ${latency.p99} ms`,
    ),
    ...watches.map(({ name, end }) => {
      const { before, highest } = end();
      const growth = highest / before - 1;
      const kib = ((highest - before) * 1024) / requests.total;
      const rise = `${percent(growth)}, ${kib.toFixed(1)} KiB an answer`;
      const figure = `${before.toFixed(0)} MiB, at most ${highest.toFixed(0)} MiB (${rise}), warmed up for ${warmed_s} s`;
      return finding(`${what}: memory of ${name} within ${percent(growth_max)}`, growth <= growth_max, figure);
    }),
  ];
}

/** For the tasks that are made: the board that is read stays as long as it is. */
async function anotherHome({ query }: Stand): Promise<number> {
  const [home] = await query(`insert into residence_residence (name) values ('Oak House') returning id::int`);
  await query(
    `insert into residence_residence_users (residence_id, user_id, role)
     select $1, user_id, role from residence_residence_users where residence_id = 1`,
    [home.id],
  );
  return home.id;
}

async function warmUp(stand: Stand, residence_id: number, s_max: number, pids: number[]): Promise<number> {
  for (let warmed_s = 0; ; ) {
    const before = pids.map(rssMib);
    const round_s = Math.min(ROUND_S, s_max - warmed_s);
    await fire(stand, residence_id, round_s);
    warmed_s += round_s;
    const hasSettled = pids.every((pid, n) => rssMib(pid) < (before[n] ?? 0) * (1 + SETTLED));
    if (hasSettled || warmed_s >= s_max) return warmed_s;
  }
}

function fire(stand: Stand, residence_id: number, duration: number) {
  let n = 0;
  const next = (request: Request): Request => {
    n += 1;
    const headers = headersFor(stand, n);
    if (n % WRITE_EVERY > 0) return { ...request, method: 'GET', path: '/api/tasks/?residence_id=1', headers };
    const body = JSON.stringify({ residence_id, title: `Load ${n}` });
    return { ...request, method: 'POST', path: '/api/tasks/', headers, body };
  };
  return autocannon({ url: stand.url, connections: CONNECTIONS, duration, requests: [{ setupRequest: next }] });
}

function watch(pid: number) {
  const before = rssMib(pid);
  let highest = before;
  const look = () => {
    highest = Math.max(highest, rssMib(pid));
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    end() {
      clearInterval(timer);
      look();
      return { before, highest };
    },
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
