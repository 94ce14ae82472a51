import { neonConfig } from '@neondatabase/serverless';
import { Client } from 'pg';
import { test as base } from 'vitest';
import { scryptPasswords } from '../adapters/passwords.ts';
import { connect } from '../db/client.ts';
import type { Mail } from '../domain/mail.ts';
import { newToken, sha256 } from '../domain/session.ts';
import { createNeon } from '../origin/neon/fetch.ts';
import { consume } from '../queues/consume.ts';
import { runScheduled } from '../queues/schedule.ts';
import type { Ports } from '../usecases/ports.ts';
import { app } from '../workers/app.ts';
import { appUrl, createHoneydueDatabase, ownerUrl } from './database.ts';
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
  const deferred: Promise<unknown>[] = [];

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
    stores: { apple: null, google: null, stripe: null },
    address: '203.0.113.7',
    site: async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
    settings: {
      verified_only: false,
      cors_origins: [],
      release: 'test',
      signing_keys: ['a key for tests, and for nothing else'],
      public_url: 'https://api.example.com',
    },
  };

  /** Rows of any SQL, as the superuser sees them. */
  const rows = async (query: string, values: unknown[] = []) => (await owner.query(query, values)).rows;

  /** Sends a request as somebody, or as nobody. */
  async function send(method: string, path: string, by: Person | null, input?: unknown, more: Sending = {}) {
    const headers = new Headers(more.headers);
    if (by) headers.set('authorization', `Token ${by.token}`);
    if (input !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const body = input === undefined || typeof input === 'string' ? input : JSON.stringify(input);
    const response = await app.request(path, { method, headers, body }, { ...ports, ...more.ports });
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

  /** A verified user with a session, made past the API. */
  async function person(username: string): Promise<Person> {
    const token = newToken();
    const [user] = await rows(
      `insert into auth_user (username, email, password_hash, is_verified) values ($1, $1 || '@example.com', '-', true) returning id::int`,
      [username],
    );
    await rows('insert into user_authtoken (user_id, digest) values ($1, $2)', [user.id, await sha256(token)]);
    return { user_id: user.id, token, username };
  }

  /** A home with an owner, a member and a viewer, and a stranger who has a home of their own. */
  async function home() {
    const [owner, member, viewer, stranger] = await Promise.all(
      ['owner', 'member', 'viewer', 'stranger'].map((role) => person(`${role}_${crypto.randomUUID().slice(0, 8)}`)),
    );
    if (!owner || !member || !viewer || !stranger) throw new Error('nobody is here');
    const residence_id: number = (await send('POST', '/api/residences/', owner, { name: 'Maple House' })).body.id;
    await rows(
      `insert into residence_residence_users (residence_id, user_id, role) values ($1, $2, 'member'), ($1, $3, 'viewer')`,
      [residence_id, member.user_id, viewer.user_id],
    );
    const elsewhere: number = (await send('POST', '/api/residences/', stranger, { name: 'Elsewhere' })).body.id;
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
    await owner.end();
    wires.delete(name);
    await drop();
  };
  return { name, ports, rows, send, settled, person, home, task, deliver, tick, trips, rung, logged, mails, close };
}

type Sending = { headers?: Record<string, string>; ports?: Partial<Ports> };

/** `test` with a world of its own for each test. */
export const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's needs off this pattern
  world: async ({}, use) => {
    const world = await makeWorld();
    await use(world);
    await world.close();
  },
});
