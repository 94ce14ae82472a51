// npm start: all of honeyDue on this machine. `npm start -- --reset` begins with an empty database.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import { isAlive, startDatabase, withClient } from './database.ts';
import { addDemoData, DEMO_LOGIN, demoToken } from './demo-data.ts';
import type { Part } from './part.ts';
import { S3_KEY, startFiles, startInbox, startNeon, startOrigin, startWorker } from './parts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORTS = { postgres: 54329, neon: 4444, s3: 9090, inbox: 8005, edge: 8787, origin: 8788 };
type Name = keyof typeof PORTS;

/** When this process began: reading its modules is a part of the wait. */
const began = 0;
const { values: flags } = parseArgs({ options: { reset: { type: 'boolean', default: false } } });
const local = resolve(ROOT, process.env.HONEYDUE_LOCAL ?? '.local');
const logs = join(local, 'logs');
const stackFile = join(local, 'stack.json');
const pidFile = join(local, 'start.pid');
const logOf = (name: Name): string =>
  name === 'postgres' ? join(local, 'postgres', 'postgres.log') : join(logs, `${name}.log`);

const running: { name: Name; part: Part }[] = [];
let exitCode: number | undefined;
/** Settles when the stack is to end; `exitCode` says how. */
const toEnd = Promise.withResolvers<void>();

function end(code: number): void {
  exitCode ??= code;
  toEnd.resolve();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
// Whoever started this may be killed without a word, even before this line; then nobody is left to end it.
const parent = process.ppid;
const launcher = Number(process.env.BOOTSTRAP_PID ?? parent);
setInterval(() => (process.ppid !== parent || !isAlive(launcher)) && end(0), 500).unref();

takeFolder();
try {
  await startAll();
} catch (error) {
  if (exitCode === undefined) crash(error);
}
await toEnd.promise;
await stopAll();
process.exit(exitCode ?? 1);

async function startAll(): Promise<void> {
  const database = await start('postgres', (port) => startDatabase(join(local, 'postgres'), port));
  const neon = await start('neon', (port) => startNeon(port, database.appUrl));
  const s3 = await start('s3', (port) => startFiles(port, join(local, 's3')));
  const inbox = await start('inbox', (port, log) => startInbox(port, log));
  const vars = { SES_ENDPOINT: inbox.address };
  const edge = await start('edge', (port, log) => {
    const note = (text: string) => void appendFile(log, `${text}\n`);
    return startWorker({
      port,
      databaseUrl: database.appUrl,
      neonEndpoint: neon.address,
      folder: join(local, 'workerd'),
      vars,
      onLog: note,
      onError: (error) => note(String(error)),
      onReload: (errors) => console.log(errors.length ? `edge not reloaded:\n${errors.join('\n')}` : 'edge reloaded'),
    });
  });
  const origin = await start('origin', (port, log) => startOrigin(port, database.appUrl, log, vars));
  const demo = await withClient(database.ownerUrl, async (client) => {
    await addDemoData(client);
    return await demoToken(client);
  });
  if (exitCode !== undefined) return;
  writeStackFile({
    api: edge.address,
    origin: origin.address,
    inbox: inbox.address,
    s3: s3.address,
    neon_http: neon.address,
    database_url: database.ownerUrl,
  });
  printTable();
  if (demo) printDemo(edge.address, demo);
  console.log(`\nReady in ${seconds(began)}. Logs are in ${logs}. Ctrl-C stops everything.`);
}

/** Starts one part on its usual port or a free one. Ends the whole stack if the part ends by itself. */
async function start<P extends Part>(name: Name, make: (port: number, log: string) => Promise<P>): Promise<P> {
  if (exitCode !== undefined) throw new Error('The stack is ending.');
  const partBegan = performance.now();
  const port = await getPort({ port: PORTS[name], host: '127.0.0.1' });
  const taken = port === PORTS[name] ? '' : ` (${PORTS[name]} is taken)`;
  let part: P;
  try {
    part = await make(port, logOf(name));
  } catch (error) {
    if (exitCode === undefined) printLog(name);
    throw new Error(`${name} did not start.`, { cause: error });
  }
  running.push({ name, part });
  part.exited?.then(() => {
    if (exitCode !== undefined) return;
    printLog(name);
    console.error(`${name} has ended by itself.`);
    end(1);
  });
  console.log(`${name.padEnd(9)} started in ${seconds(partBegan)} on port ${port}${taken}`);
  return part;
}

async function stopAll(): Promise<void> {
  rmSync(stackFile, { force: true });
  for (const { name, part } of running.toReversed()) {
    await part.stop().catch((error: unknown) => {
      console.error(`${name} did not stop: ${error}`);
      exitCode ||= 1;
    });
  }
  rmSync(pidFile, { force: true });
  console.log('Stopped.');
}

function crash(error: unknown): void {
  console.error(error);
  end(1);
}

/** One stack to a folder. */
function takeFolder(): void {
  mkdirSync(logs, { recursive: true });
  const holder = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    console.error(`honeyDue runs already, as process ${holder}. If that is something else, delete ${pidFile}.`);
    process.exit(1);
  }
  writeFileSync(pidFile, String(process.pid));
  rmSync(stackFile, { force: true });
  if (flags.reset)
    for (const name of ['postgres', 's3', 'workerd']) rmSync(join(local, name), { recursive: true, force: true });
  for (const name of ['inbox', 'edge', 'origin'] as const) closeSync(openSync(logOf(name), 'w'));
}

/** What does not exist yet is null. */
function writeStackFile(parts: Record<string, string>): void {
  const nothing = Object.fromEntries(
    ['admin', 'redis_rest', 'redis_rest_token', 'contact_api_key']
      .concat(
        ['admin', 'support'].flatMap((who) => ['email', 'password', 'totp_secret'].map((what) => `${who}_${what}`)),
      )
      .map((key) => [key, null]),
  );
  writeFileSync(stackFile, `${JSON.stringify({ ...nothing, ...parts }, null, 2)}\n`);
}

function printTable(): void {
  console.log('\n part      address');
  for (const { name, part } of running) console.log(` ${name.padEnd(9)} ${part.address}`);
  console.log(` (s3: bucket honeydue, key ${S3_KEY.accessKeyId}, secret ${S3_KEY.secretAccessKey})`);
}

function printDemo(api: string, { token, residence_id }: { token: string; residence_id: number }): void {
  const json = `-H 'content-type: application/json'`;
  console.log(`\nDemo login: ${DEMO_LOGIN.username} / ${DEMO_LOGIN.password}\n`);
  console.log(`curl ${api}/api/auth/login/ ${json} -d '${JSON.stringify(DEMO_LOGIN)}'`);
  const task = JSON.stringify({ residence_id, title: 'Sweep the porch' });
  console.log(`curl ${api}/api/tasks/ -H 'authorization: Bearer ${token}' ${json} -d '${task}'`);
}

function printLog(name: Name): void {
  const log = logOf(name);
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40) : [];
  console.error(`── ${log} ──\n${lines.join('\n')}\n──`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
