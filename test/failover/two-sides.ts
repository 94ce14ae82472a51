import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { neonConfig } from '@neondatabase/serverless';
import { onTestFinished } from 'vitest';
import { connect } from '../../db/client.ts';
import { answerCaller } from '../../origin/caller.ts';
import { leftOf } from '../../usecases/deadline.ts';
import { app } from '../../workers/app.ts';
import { type Here, newFailover } from '../../workers/failover/serve.ts';
import { appUrl } from '../database.ts';
import type { World } from '../home.ts';

const SECRETS = ['a secret between an edge and an origin'] as [string];
const DATABASE_MS = 3000;
/** By this name the edge's connections are told from all others. */
const EDGE = 'edge-of-a-test';

type Init = { body: string; headers: Record<string, string>; signal?: AbortSignal };
type Send = () => Promise<Response>;
/** What happens on the edge's way to the database, in place of what would. */
export type Fault = (send: Send, init: Init) => Promise<Response>;

/** Edge and origin of one world, in this process: the edge's way to the database is what the test makes of it. */
export async function twoSides(world: World, { secrets = SECRETS, origin = true } = {}) {
  const state = {
    fault: null as Fault | null,
    tries: 0,
    now_ms: Date.now(),
    crash: false,
    database_ms: DATABASE_MS,
  };
  const direct = neonConfig.fetchFunction as (url: string, init: Init) => Promise<Response>;
  neonConfig.fetchFunction = async (url: string, init: Init) => {
    const isEdge = (init.headers['Neon-Connection-String'] ?? '').includes(EDGE);
    if (isEdge) state.tries += 1;
    const send = () => direct(url, init);
    return isEdge && state.fault ? await state.fault(send, init) : await send();
  };

  const seen: { url: string; address: string; body: Uint8Array; headers: Headers }[] = [];
  const trust = { secrets: SECRETS, isOurs: null, isAnybodyHeard: false };
  /** In place of the origin, if a test wants another. */
  const there = { answer: null as ((request: Request) => Response | Promise<Response>) | null };
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (asked, { incoming }) =>
      there.answer
        ? await there.answer(asked)
        : await answerCaller(asked, incoming.socket.remoteAddress ?? '', trust, async ({ request, address }) => {
            const isForm = request.headers.get('content-type')?.startsWith('multipart/') ?? false;
            const body = isForm ? new Uint8Array() : new Uint8Array(await request.clone().arrayBuffer());
            seen.push({ url: request.url, address, body, headers: request.headers });
            return await app.fetch(request, { ...world.ports, address });
          }),
  });
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failover = newFailover({
    origin: origin ? { url, secrets: secrets as [string] } : null,
    log: world.ports.log,
    now: () => state.now_ms,
  });

  const here: Here = async (request, told) => {
    if (state.crash) throw new Error('There is no application.');
    const db = connect(`${appUrl(world.name)}?application_name=${EDGE}`, leftOf(told.meter, state.database_ms));
    return await app.fetch(request, { ...world.ports, db, ...told });
  };
  const ask = async (method: string, path: string, init: RequestInit & { token?: string; json?: unknown } = {}) => {
    const headers = new Headers(init.headers);
    if (init.token) headers.set('authorization', `Token ${init.token}`);
    if (init.json !== undefined) headers.set('content-type', 'application/json');
    const body = init.json === undefined ? init.body : JSON.stringify(init.json);
    const request = new Request(`https://api.example.com${path}`, { method, headers, body, duplex: 'half' });
    const response = await failover(request, '203.0.113.9', here);
    const text = await response.text();
    await world.settled();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      by: response.headers.get('x-served-by'),
      headers: response.headers,
      text,
      // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the test expects of it
      body: (isJson ? JSON.parse(text) : null) as any,
    };
  };
  const close = async () => {
    if (!server.listening) return;
    neonConfig.fetchFunction = direct;
    const closed = once(server, 'close');
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  return { ask, state, seen, there, close };
}
