// npm start: all of honeyDue on this machine. `npm start -- --reset` begins with an empty database.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import { localAdmins } from './admins.ts';
import { localContactKey } from './contact-key.ts';
import { isAlive, startDatabase, withClient } from './database.ts';
import { addDemoData, DEMO_LOGIN, demoToken } from './demo-data.ts';
import { localVars } from './edge.ts';
import { GATEWAY_TOKEN, startGateway } from './gateway.ts';
import type { Part } from './part.ts';
import {
  dashboardAt,
  S3_KEY,
  startApns,
  startFcm,
  startFiles,
  startInbox,
  startNeon,
  startOrigin,
  startTraces,
  startWorker,
} from './parts.ts';
import type { Received } from './push/received.ts';
import { hasRedis, startRedis } from './redis.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORTS = {
  postgres: 54329,
  neon: 4444,
  s3: 9090,
  inbox: 8005,
  push: 9191,
  apns: 9192,
  edge: 8787,
  origin: 8788,
  admin: 8789,
  redis: 6380,
  gateway: 8079,
  traces: 4318,
};
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
  const received: Received[] = [];
  const push = await start('push', (port) => startFcm(port, received));
  const apns = await start('apns', (port) => startApns(port, received, local));
  const redis = hasRedis() ? await start('redis', startRedis) : undefined;
  const gateway = await start('gateway', (port, log) => startGateway(port, log, redis?.address));
  const cache = { REDIS_REST_URL: gateway.address, REDIS_REST_TOKEN: GATEWAY_TOKEN };
  const logsOf = { edge: logOf('edge'), origin: logOf('origin') };
  const traces = await start('traces', (port, log) => startTraces(port, log, logsOf));
  const vars = { SES_ENDPOINT: inbox.address, B2_ENDPOINT: s3.address, ...push.vars, ...cache, ...traces.vars };
  const adminPort = await freePort('admin');
  const originPort = await freePort('origin'); // the edge has to know it before it is there
  const edge = await start('edge', (port, log) => {
    const note = (text: string) => void appendFile(log, `${text}\n`);
    return startWorker({
      port,
      adminPort,
      databaseUrl: database.appUrl,
      neonEndpoint: neon.address,
      folder: join(local, 'workerd'),
      vars: { ...vars, ADMIN_ORIGINS: originsAt(port, adminPort), ORIGIN_URL: `http://127.0.0.1:${originPort}` },
      onLog: note,
      onError: (error) => note(String(error)),
      onReload: (errors) => console.log(errors.length ? `edge not reloaded:\n${errors.join('\n')}` : 'edge reloaded'),
    });
  });
  const admin = await start('admin', (port) => dashboardAt(port), adminPort);
  const startIt = (port: number, log: string) =>
    startOrigin(port, database.appUrl, log, {
      ...vars,
      ...apns.vars,
      ADMIN_ORIGINS: `${originsAt(port, new URL(edge.address).port)},http://${dashboardAtOrigin(port)}`,
      ADMIN_HOSTS: dashboardAtOrigin(port),
    });
  const origin = await start('origin', startIt, originPort);
  const [isNew, demo, contact_api_key] = await withClient(
    database.ownerUrl,
    async (client) => [await addDemoData(client), await demoToken(client), await localContactKey(client)] as const,
  );
  if (isNew && demo) {
    const { addDocuments } = await import('./demo-documents.ts'); // with an image library, which later starts need not read
    await addDocuments(edge.address, demo);
  }
  const signing_key = localVars().SIGNING_KEYS ?? '';
  const admins = await withClient(database.ownerUrl, (client) => localAdmins(client, local, signing_key));
  if (exitCode !== undefined) return;
  writeStackFile({
    api: edge.address,
    origin: origin.address,
    inbox: inbox.address,
    push: push.address,
    apns: apns.address,
    s3: s3.address,
    redis_rest: gateway.address,
    redis_rest_token: GATEWAY_TOKEN,
    neon_http: neon.address,
    traces: traces.address,
    database_url: database.ownerUrl,
    contact_api_key,
    admin: admin.address,
    ...admins,
  });
  printTable();
  if (demo) printDemo(edge.address, demo);
  printAdmin(admin.address, admins);
  console.log(`\nReady in ${seconds(began)}. Logs are in ${logs}. Ctrl-C stops everything.`);
}

/** Where the dashboard may be served from: beside the API that it uses, by either name of this machine. */
function originsAt(...ports: (number | string)[]): string {
  return ports.flatMap((port) => [`http://127.0.0.1:${port}`, `http://localhost:${port}`]).join(',');
}

/** By this name the origin shows the dashboard too, as it does alone. */
function dashboardAtOrigin(port: number): string {
  return `admin.localhost:${port}`;
}

/** Starts one part on its usual port or a free one. Ends the whole stack if the part ends by itself. */
async function start<P extends Part>(
  name: Name,
  make: (port: number, log: string) => Promise<P>,
  given?: number,
): Promise<P> {
  if (exitCode !== undefined) throw new Error('The stack is ending.');
  const partBegan = performance.now();
  const port = given ?? (await freePort(name));
  const taken = port === PORTS[name] || process.env.HONEYDUE_PORT_SHIFT ? '' : ` (${PORTS[name]} is taken)`;
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

/** Two stacks that start at the same moment might want the same port: the second can be told to look elsewhere. */
function freePort(name: Name): Promise<number> {
  const shift = Number(process.env.HONEYDUE_PORT_SHIFT ?? 0);
  return getPort({ port: PORTS[name] + shift, host: '127.0.0.1' });
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
  for (const name of ['inbox', 'edge', 'origin', 'redis', 'gateway', 'traces'] as const)
    closeSync(openSync(logOf(name), 'w'));
}

function writeStackFile(parts: Record<string, string>): void {
  writeFileSync(stackFile, `${JSON.stringify(parts, null, 2)}\n`);
}

function printTable(): void {
  console.log('\n part      address');
  for (const { name, part } of running) console.log(` ${name.padEnd(9)} ${part.address}`);
  console.log(' (push: Firebase; GET /messages shows what came to it, and to Apple at apns)');
  console.log(` (gateway: Redis over HTTP${hasRedis() ? '' : ', a mock of it,'} with the token ${GATEWAY_TOKEN})`);
  console.log(` (s3: bucket honeydue, key ${S3_KEY.accessKeyId}, secret ${S3_KEY.secretAccessKey})`);
}

function printDemo(api: string, { token, residence_id }: { token: string; residence_id: number }): void {
  const json = `-H 'content-type: application/json'`;
  console.log(`\nDemo login: ${DEMO_LOGIN.username} / ${DEMO_LOGIN.password}\n`);
  console.log(`curl ${api}/api/auth/login/ ${json} -d '${JSON.stringify(DEMO_LOGIN)}'`);
  const task = JSON.stringify({ residence_id, title: 'Sweep the porch' });
  console.log(`curl ${api}/api/tasks/ -H 'authorization: Bearer ${token}' ${json} -d '${task}'`);
}

/** The code changes each half minute: the secret goes into an authenticator. */
function printAdmin(address: string, { admin_email, admin_password, admin_totp_secret }: Record<string, string>): void {
  console.log(`\nDashboard: ${address}`);
  console.log(`Login: ${admin_email} / ${admin_password}, TOTP secret ${admin_totp_secret}`);
}

function printLog(name: Name): void {
  const log = logOf(name);
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40) : [];
  console.error(`── ${log} ──\n${lines.join('\n')}\n──`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
