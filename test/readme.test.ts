import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { startDatabase } from '../dev/database.ts';
import { newToken, sha256 } from '../domain/session.ts';
import { totpCode } from '../domain/totp.ts';
import { SignedIn } from '../domain/user.ts';
import { curl } from './curl.ts';
import { sessionOf } from './session.ts';
import { isListening, type Parts, startStack } from './stack.ts';

// What the README promises, in the order of a first day: one test begins where the one before it ended.

const PATIENCE_MS = 120_000;
const README = readFileSync('README.md', 'utf8');
const FORMER_TOKEN = newToken();
const PORTS = { edge: 8787, postgres: 54329 };

let folder: string;
let stack: ReturnType<typeof startStack>;
let parts: Parts;
let token: string;
/** A request that was refused, and one that has made a task. */
let asked: [string, string];
const of = (name: string): string => parts[name] ?? '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honeydue-stack-'));
  await leaveTraces(folder);
  stack = startStack(folder, ['npm', 'start', '--', '--reset']);
  parts = await stack.ready();
}, PATIENCE_MS);

afterAll(async () => {
  await stack?.interrupt();
  rmSync(folder, { recursive: true, force: true });
});

test('npm start -- --reset begins with an empty database', async () => {
  expect(await query(`select from residence_residence where name like '%former%'`)).toEqual([]);
  expect(await query('select from auth_user')).toHaveLength(3);
  expect(await me(FORMER_TOKEN)).toBe(401);
  expect(existsSync(join(folder, 's3', 'former'))).toBe(false);
});

test('npm start runs every part, and prints a table and requests that work', async () => {
  const printed = stack.printed();
  for (const name of ['api', 'origin', 'inbox', 'push', 'apns', 's3', 'neon_http', 'traces', 'database_url'])
    expect(printed).toContain(of(name));
  for (const name of ['api', 'origin']) {
    const response = await fetch(`${of(name)}/api/health/ready/`);
    expect([response.status, await response.json()], name).toMatchObject([200, { status: 'ok' }]);
  }
  const [login, create] = printed.match(/^curl .*$/gm) ?? [];
  expect(await curl(login ?? '')).toMatchObject({ status: 200, body: { user: { username: 'demo' } } });
  expect(await curl(create ?? '')).toMatchObject({ status: 201, body: { data: { title: 'Sweep the porch' } } });
});

test('the session is answered as it shows', async () => {
  const [login, ...session] = sessionOf(README);
  if (!login) throw new Error('The README has no session.');
  const signedIn = await curl(login.line, { api: of('api') });
  expect(signedIn).toMatchObject(login.shown);
  token = SignedIn.parse(signedIn.body).token;
  expect(session.length).toBeGreaterThan(0);
  let last = signedIn;
  for (const { line, shown } of session) {
    last = await curl(line, { api: of('api'), token });
    expect(last, line).toMatchObject(shown);
  }
  expect(last.headers.get('idempotency-replayed')).toBeNull();
  const again = await curl(session.at(-1)?.line ?? '', { api: of('api'), token });
  expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, last.body, 'true']);
  expect((await fetch(`${of('api')}/api/docs/`)).status).toBe(200);
  const refused = await curl(`curl $api/api/tasks/ -H "authorization: Token $token" -d '{"residence_id":1}'`, {
    api: of('api'),
    token,
  });
  const { request_id } = z.object({ request_id: z.string() }).parse(refused.body);
  asked = [request_id, last.headers.get('x-request-id') ?? ''];
});

test('those who run it sign in at edge and origin, with what stack.json says', async () => {
  for (const [where, who, later_s] of [
    ['api', 'admin', 0],
    ['origin', 'support', 30],
  ] as const) {
    const { origin } = new URL(of(where));
    const headers = { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
    const totp = totpCode(of(`${who}_totp_secret`), new Date(Date.now() + later_s * 1000).toISOString());
    const body = JSON.stringify({ email: of(`${who}_email`), password: of(`${who}_password`), totp });
    const signedIn = await fetch(`${origin}/api/admin/login/`, { method: 'POST', headers, body });
    expect([signedIn.status, await signedIn.json()], where).toMatchObject([200, { admin: { role: who } }]);
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const csv = await fetch(`${origin}/api/admin/users/?format=csv`, { headers: { cookie } });
    expect((await csv.text()).split('\r\n')).toHaveLength(5);
  }
});

test('the family is told of both tasks, through the queue', async () => {
  const told = () =>
    query(`select username, count(*)::int as n from notifications_notification n join auth_user u on u.id = n.user_id
           where body = 'Sweep the porch · Maple Street' group by 1 order by 1`);
  const both = [
    { username: 'robin', n: 2 },
    { username: 'sam', n: 2 },
  ];
  await vi.waitFor(async () => expect(await told()).toEqual(both), { timeout: 15_000, interval: 100 });
});

test('the id of any error leads to its line, its spans and what it changed, by one command', async () => {
  const env = { ...process.env, HONEYDUE_LOCAL: folder };
  const [failed, made] = await Promise.all(
    asked.map(async (id) => (await promisify(execFile)(process.execPath, ['dev/trace.ts', id], { env })).stdout),
  );
  expect(failed).toMatch(/^[\d:.]+ +span +POST \/api\/tasks · .* · edge · status_code 415$/m);
  expect(failed).toMatch(/ line +request method=POST route=\/api\/tasks status=415 /);
  expect(made).toMatch(/^[\d:.]+ +span +POST \/api\/tasks · .* · edge · status_code 201$/m);
  expect(made).toMatch(/ audit +user #\d+ \(demo\) created task #\d+\n/);
  expect(made).toMatch(/ event +#\d+ task\.created: done, 1 attempt\n/);
  expect(made).toMatch(/ span +job task\.created · /);
});

test('a reminder reaches phone and inbox as the guide for clients shows, and the iPhone from the origin', async () => {
  const variables = { api: of('api'), push: of('push'), inbox: of('inbox'), token };
  const session = sessionOf(readFileSync('docs/clients.md', 'utf8'));
  expect(session.length).toBeGreaterThan(0);
  for (const { line, shown } of session) {
    const asked = async () => expect(await curl(line, variables), line).toMatchObject(shown);
    // What is read may take its time to come; what is written is not written twice.
    await (/ -d /.test(line) ? asked() : vi.waitFor(asked, { timeout: 20_000, interval: 200 }));
  }
  const pushed = async () => (await curl('curl "$push/messages"', variables)).body;
  const onIphone = expect.objectContaining({ platform: 'ios', body: 'Wipe the fridge · Maple Street' });
  await vi.waitFor(async () => expect(await pushed()).toEqual({ messages: expect.arrayContaining([onIphone]) }), {
    timeout: 20_000,
    interval: 200,
  });
});

test(
  'a second start beside it is refused, and harms nothing',
  async () => {
    const second = startStack(folder);
    expect(await second.ended).toBe(1);
    expect(second.printed()).toContain(
      `honeyDue runs already, as process ${readFileSync(join(folder, 'start.pid'), 'utf8')}.`,
    );
    expect(await me()).toBe(200);
    expect(JSON.parse(readFileSync(join(folder, 'stack.json'), 'utf8'))).toEqual(parts);
  },
  PATIENCE_MS,
);

test('Ctrl-C ends all of it', async () => {
  await stack.interrupt();
  await vi.waitUntil(() => !existsSync(join(folder, 'start.pid')), { timeout: 15_000, interval: 50 });
  await expectNothingLeft();
});

test(
  'the next start keeps the data, and takes a free port where the usual one is taken',
  async () => {
    for (const port of Object.values(PORTS)) await take(port);
    const { admin_password, admin_totp_secret } = parts;
    stack = startStack(folder);
    parts = await stack.ready();
    for (const [name, port] of Object.entries(PORTS)) {
      expect(stack.printed()).toMatch(new RegExp(`^${name} .* \\(${port} is taken\\)$`, 'm'));
    }
    expect([Number(new URL(of('api')).port), Number(new URL(of('database_url')).port)]).not.toEqual(
      Object.values(PORTS),
    );
    expect(await me()).toBe(200);
    expect(await query(`select title from task_task where title = 'Sweep the porch'`)).toHaveLength(2);
    expect(await query('select from auth_user')).toHaveLength(3);
    expect(parts).toMatchObject({ admin_password, admin_totp_secret });
    expect(await stack.interrupt()).toBe(0);
    await expectNothingLeft();
  },
  PATIENCE_MS,
);

test('every command, folder and file that it names is there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const commands = [...README.matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name = '']) => name);
  const firstCells = README.match(/^\| `.*?\|/gm) ?? [];
  const folders = firstCells.flatMap((cell) => cell.match(/[\w-]+\//g) ?? []);
  const paths = [...folders, ...[...README.matchAll(/\]\(([\w./-]+)\)/g)].map(([, link = '']) => link)];
  expect(commands.length * paths.length).toBeGreaterThan(0);
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

/** What an earlier stack might have left in its folder. */
async function leaveTraces(folder: string): Promise<void> {
  const { ownerUrl, stop } = await startDatabase(join(folder, 'postgres'), await getPort());
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`insert into residence_residence (name) values ('The former house')`);
  await client.query(
    `with former as (insert into auth_user (username, email, password_hash) values ('former', 'former@example.com', '') returning id)
     insert into user_authtoken (user_id, digest) select id, $1 from former`,
    [sha256(FORMER_TOKEN)],
  );
  await client.end();
  await stop();
  mkdirSync(join(folder, 's3', 'former'), { recursive: true });
}

async function me(whose = token): Promise<number> {
  return (await fetch(`${of('api')}/api/auth/me/`, { headers: { authorization: `Token ${whose}` } })).status;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: of('database_url') });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** Somebody else listens there until the test is over; whoever does so already will do as well. */
async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve).once('error', resolve));
  onTestFinished(() => void server.close());
}

async function expectNothingLeft(): Promise<void> {
  expect(existsSync(join(folder, 'stack.json'))).toBe(false);
  for (const address of Object.values(parts)) {
    if (address && URL.canParse(address)) expect(await isListening(address), address).toBe(false);
  }
}
