import { neonConfig } from '@neondatabase/serverless';
import { Client } from 'pg';
import { test as base } from 'vitest';
import { b2Files } from '../adapters/files.ts';
import { scryptPasswords } from '../adapters/passwords.ts';
import { sesReports } from '../adapters/ses-reports.ts';
import { connect } from '../db/client.ts';
import type { Mail } from '../domain/mail.ts';
import type { Push } from '../domain/push.ts';
import { newToken, sha256 } from '../domain/session.ts';
import { createNeon } from '../origin/neon/fetch.ts';
import { consume } from '../queues/consume.ts';
import { runScheduled } from '../queues/schedule.ts';
import type { Ports } from '../usecases/ports.ts';
import { nothingKept } from '../usecases/read-static-data.ts';
import { app } from '../workers/app.ts';
import { appUrl, createHoneydueDatabase, ownerUrl } from './database.ts';
import { bucketAt } from './files/storage.ts';
import { verifyIdentity } from './identities.ts';

/** Every test happens on this Saturday, unless it says otherwise. */
export const NOW = '2026-03-07T15:00:00.000Z';
export const TODAY = '2026-03-07';

const neon = createNeon({ maxConnections: 8, maxPools: 50, idleTimeoutMs: 500 });
/** The statements of each round trip that a test's app has made, in order. */
type Trip = string[];
const wires = new Map<string, Trip[]>();

neonConfig.fetchFunction = (url: string, init: { body: string; headers: Record<string, string> }) => {
  const sent = JSON.parse(init.body) as { query: string } | { queries: { query: string }[] };
  const name = new URL(init.headers['Neon-Connection-String'] ?? '').pathname.slice(1);
  wires.get(name)?.push('queries' in sent ? sent.queries.map(({ query }) => query) : [sent.query]);
  return neon.fetch(url, init);
};

export type Person = { user_id: number; token: string; username: string };

export type World = Awaited<ReturnType<typeof makeWorld>>;

/** A honeyDue of its own: a database, ports that remember, and a family to try things with. */
async function makeWorld() {
  const { name, drop } = await createHoneydueDatabase();
  const owner = new Client({ connectionString: ownerUrl(name) });
  await owner.connect();
  const trips: Trip[] = [];
  wires.set(name, trips);
  const rung: number[][] = [];
  const logged: Record<string, unknown>[] = [];
  const mails: Mail[] = [];
  const pushes: Push[] = [];
  const deferred: Promise<unknown>[] = [];
  const ends: (() => Promise<unknown>)[] = [];

  const ports: Ports = {
    db: connect(appUrl(name)),
    now: () => NOW,
    ring: async (bells) => void rung.push(bells.map(({ event_id }) => event_id)),
    defer: (work) => void deferred.push(work),
    log: (event, fields = {}) => void logged.push({ event, ...fields }),
    limit: async () => true,
    passwords: scryptPasswords({ ln: 4, r: 8, p: 1 }),
    verifyIdentity,
    async mail(mail) {
      mails.push(mail);
      return { message_id: `m-${mails.length}` };
    },
    async push(push) {
      pushes.push(push);
      return { message_id: `p-${pushes.length}` };
    },
    mailReports: sesReports({ topics: [] }),
    stores: { apple: null, google: null, stripe: null },
    files: b2Files(bucketAt('http://127.0.0.1:1')),
    address: '203.0.113.7',
    site: async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
    settings: {
      verified_only: false,
      cors_origins: [],
      admin_origins: ['https://admin.example.com'],
      release: 'test',
      signing_keys: ['a key for tests, and for nothing else'],
      public_url: 'https://api.example.com',
    },
    static_data: nothingKept(),
  };

  /** Rows of any SQL, as the superuser sees them. */
  const rows = async (query: string, values: unknown[] = []) => (await owner.query(query, values)).rows;

  /** Sends a request as somebody, or as nobody. */
  async function send(method: string, path: string, by: Person | null, input?: unknown, more: Sending = {}) {
    const headers = new Headers(more.headers);
    if (by) headers.set('authorization', `Token ${by.token}`);
    const isRaw = typeof input === 'string' || input instanceof FormData || input instanceof ReadableStream;
    if (input !== undefined && !(input instanceof FormData) && !headers.has('content-type')) {
      headers.set('content-type', 'application/json');
    }
    const body = input === undefined || isRaw ? input : JSON.stringify(input);
    const init = { method, headers, body, duplex: 'half' } as const;
    const response = await app.request(path, init, { ...ports, ...more.ports });
    const text = await response.text();
    await settled();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the test expects of it
      body: (isJson ? JSON.parse(text) : null) as any,
    };
  }

  /** Lets all work that answers left behind come to its end. */
  const settled = async () => {
    while (deferred.length > 0) await deferred.pop();
  };

  /** Verified users with a session each, made past the API. */
  async function persons(usernames: string[]): Promise<Person[]> {
    const tokens = usernames.map(newToken);
    const made: { user_id: number }[] = await rows(
      `with made as (
         insert into auth_user (username, email, password_hash, is_verified)
         select name, name || '@example.com', '-', true from unnest($1::text[]) with ordinality n (name, place) order by place
         returning id, username
       ), signed_in as (
         insert into user_authtoken (user_id, digest)
         select m.id, digest from made m join unnest($1::text[], $2::text[]) n (name, digest) on n.name = m.username
       )
       select id::int as user_id from made order by array_position($1::text[], username)`,
      [usernames, tokens.map(sha256)],
    );
    return made.map(({ user_id }, i) => ({ user_id, token: tokens[i] ?? '', username: usernames[i] ?? '' }));
  }

  async function person(username: string): Promise<Person> {
    const [made] = await persons([username]);
    if (!made) throw new Error('nobody is here');
    return made;
  }

  /** A home with an owner, a member and a viewer, and a stranger who has a home of their own; made past the API as well. */
  async function home() {
    const suffix = crypto.randomUUID().slice(0, 8);
    const made = await persons(['owner', 'member', 'viewer', 'stranger'].map((role) => `${role}_${suffix}`));
    const [owner, member, viewer, stranger] = made as [Person, Person, Person, Person];
    const [homes] = await rows(
      `with homes as (
         insert into residence_residence (name) values ('Maple House'), ('Elsewhere') returning id::int, name
       ), members as (
         insert into residence_residence_users (residence_id, user_id, role)
         select h.id, m.user_id, m.role from homes h
         join unnest($1::text[], $2::bigint[], $3::text[]) m (home, user_id, role) on m.home = h.name
       )
       select (select id from homes where name = 'Maple House') as residence_id, (select id from homes where name = 'Elsewhere') as elsewhere`,
      [
        ['Maple House', 'Maple House', 'Maple House', 'Elsewhere'],
        made.map(({ user_id }) => user_id),
        ['owner', 'member', 'viewer', 'owner'],
      ],
    );
    const { residence_id, elsewhere } = homes as { residence_id: number; elsewhere: number };
    return { owner, member, viewer, stranger, residence_id, elsewhere };
  }

  /** A task made by somebody through the API, as it was answered. */
  const task = async (by: Person, residence_id: number, more: object = {}) =>
    (await send('POST', '/api/tasks/', by, { residence_id, title: 'Change the filter', ...more })).body.data;

  /** Delivers doorbells as a queue would; answers how each was taken. */
  async function deliver(bodies: unknown[], attempts = 1): Promise<string[]> {
    const outcomes: string[] = [];
    const deliveries = bodies.map((body) => ({
      body,
      attempts,
      ack: () => void outcomes.push('ack'),
      retry: () => void outcomes.push('retry'),
    }));
    await consume(ports, deliveries);
    return outcomes;
  }

  /** Runs what belongs to a cron expression. */
  const tick = (cron: string) => runScheduled(cron, ports);

  const close = async () => {
    await settled();
    for (const end of ends) await end();
    await owner.end();
    wires.delete(name);
    await drop();
  };
  return {
    name,
    ports,
    rows,
    send,
    settled,
    person,
    home,
    task,
    deliver,
    tick,
    trips,
    rung,
    logged,
    mails,
    pushes,
    /** For what is started for this world alone. */
    onClose: (end: () => Promise<unknown>) => void ends.push(end),
    close,
  };
}

type Sending = { headers?: Record<string, string>; ports?: Partial<Ports> };

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's needs off this pattern
async function lendWorld({}: object, use: (world: World) => Promise<void>): Promise<void> {
  const world = await makeWorld();
  await use(world);
  await world.close();
}

/** `test` with a world of its own for each test. */
export const test = base.extend<{ world: World }>({ world: lendWorld });

/** `test` with one world for the whole file: for tests that look at nothing but what they have made themselves. */
export const testTogether = base.extend<{ world: World }>({ world: [lendWorld, { scope: 'file' }] });
