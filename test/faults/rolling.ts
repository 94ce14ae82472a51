// What `npm run drill -- --only rolling` does: three origins behind a balancer are replaced one after the other, under load;
// then the release before the newest migration serves beside this one, on the schema of this one.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { localVars } from '../../dev/edge.ts';
import { answers } from '../../dev/part.ts';
import { headersFor, makeStand, type Stand } from '../bench/stand.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Finding, finding } from './finding.ts';
import { type Ledger, openLedger } from './ledger.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MEMBERS = 3;
/** Each asks once in so long, or as often as it is answered: fifty a second, and what starts beside them has its share. */
const CLIENTS = 10;
const PACE_MS = 200;
const LINGER_S = '2';
const BESIDE_MS = 10_000;
const JOURNAL = 'migrations/meta/_journal.json';

const stand = await makeStand(20, 50, { sessions: 400 });
const balancer = await startBalancer();
const findings: Finding[] = [];
const started = new Set<ChildProcess>();
try {
  findings.push(...(await replaced(stand, balancer)), ...(await beside(stand, balancer)));
} finally {
  for (const child of started) child.kill('SIGKILL');
  await balancer.close();
  await stand.stop();
}
for (const { check, isGood, figure } of findings) console.log(`${isGood ? 'ok    ' : 'FAILED'}  ${check}: ${figure}`);
process.exit(findings.every(({ isGood }) => isGood) ? 0 : 1);

async function replaced(stand: Stand, balancer: Balancer): Promise<Finding[]> {
  let members = await Promise.all(Array.from({ length: MEMBERS }, () => startMember(stand, ROOT)));
  for (const { url } of members) balancer.add(url);
  const found = await underLoad(stand, balancer, 'rolling restart of three', async () => {
    for (const old of [...members]) {
      const fresh = await startMember(stand, ROOT);
      balancer.add(fresh.url);
      members.push(fresh);
      const [code] = await stop(old.child);
      balancer.remove(old.url);
      members = members.filter((member) => member !== old);
      if (code !== 0) throw new Error(`An origin ended with ${code}.`);
    }
  });
  await endAll(members, balancer);
  return found;
}

async function beside(stand: Stand, balancer: Balancer): Promise<Finding[]> {
  const check = 'the release before the newest migration beside this one';
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-before-'));
  try {
    const release = before();
    if (release === null) return [finding(check, false, 'the history of the repository is not here')];
    git('worktree', 'add', '--detach', folder, release);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const members = [await startMember(stand, ROOT), await startMember(stand, folder)];
    for (const { url } of members) balancer.add(url);
    const found = await underLoad(stand, balancer, `${check} (${release.slice(0, 7)})`, () => wait(BESIDE_MS));
    await endAll(members, balancer);
    return found;
  } finally {
    spawnSync('git', ['worktree', 'remove', '--force', folder], { cwd: ROOT });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Boards are read and tasks made, by clients who do nothing else and try nothing again, for as long as something goes on. */
async function underLoad(
  stand: Stand,
  { url }: Balancer,
  what: string,
  meanwhile: () => Promise<void>,
): Promise<Finding[]> {
  // Its keys are titles too.
  const prefix = what.replaceAll(/\W+/g, '_');
  const ledger = openLedger({ ...stand, url }, prefix);
  const failed: string[] = [];
  let [asked, isOver] = [0, false];
  const client = async () => {
    while (!isOver) {
      const turn = wait(PACE_MS);
      asked += 1;
      const isWrite = asked % 4 === 0;
      const status = await (isWrite ? make(ledger) : read(stand, url, asked)).catch(String);
      if (status !== 200 && status !== 201) failed.push(`${isWrite ? 'write' : 'read'}: ${status}`);
      await turn;
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await meanwhile().finally(() => {
    isOver = true;
  });
  await Promise.all(clients);
  const acknowledged = ledger.acknowledged();
  const rows = await stand.query(`select title, count(*)::int from task_task where title like $1 group by 1`, [
    `${prefix}-%`,
  ]);
  const kept = new Map(rows.map(({ title, count }) => [title, count]));
  const lost = [...acknowledged.keys()].filter((title) => !kept.has(title));
  const doubled = rows.filter(({ count }) => count > 1);
  return [
    finding(
      `${what}: no request fails`,
      failed.length === 0,
      `${asked} asked, ${failed.length} failed ${failed[0] ?? ''}`,
    ),
    finding(
      `${what}: every write once`,
      lost.length + doubled.length === 0 && acknowledged.size > 0,
      `${acknowledged.size} acknowledged, ${lost.length} lost, ${doubled.length} doubled`,
    ),
  ];
}

async function make(ledger: Ledger): Promise<number> {
  return (await ledger.create()).status;
}

async function read(stand: Stand, url: string, n: number): Promise<number> {
  const answer = await fetch(`${url}/api/tasks/?residence_id=1`, { headers: headersFor(stand, n) });
  await answer.arrayBuffer();
  return answer.status;
}

type Member = { url: string; child: ChildProcess };

async function startMember({ databaseUrl }: Stand, cwd: string): Promise<Member> {
  const port = await getPort();
  const env = {
    ...process.env,
    ...localVars(),
    DATABASE_URL: databaseUrl,
    PORT: `${port}`,
    HOST: '127.0.0.1',
    SITE_FOLDER: 'site',
    CALLERS: 'anyone',
    LINGER_S,
  };
  const child = spawn(process.execPath, ['origin/server.ts'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  started.add(child);
  const url = `http://127.0.0.1:${port}`;
  const exited = once(child, 'exit').then(() => {});
  await answers(`${url}/api/health/`, undefined, { exited });
  return { url, child };
}

async function stop(child: ChildProcess): Promise<unknown[]> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  return await exited;
}

async function endAll(members: Member[], balancer: Balancer): Promise<void> {
  for (const { url } of members) balancer.remove(url);
  await Promise.all(members.map(({ child }) => stop(child)));
}

/** The last commit that did not have the newest migration yet. */
function before(): string | null {
  const newest = git('log', '-1', '--format=%H', '--', JOURNAL);
  const parent = newest && git('rev-parse', '--verify', '--quiet', `${newest}^`);
  return parent || null;
}

function git(...args: string[]): string {
  return spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
}
