import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const PROBE_MS = 100;
/** So many clients, each by an address of its own: limits count by address. */
const CLIENTS = 50;

type Member = { url: string; isReady: boolean };
export type Balancer = { url: string; add(url: string): void; remove(url: string): void; close(): Promise<void> };

/**
 * Stands for Traefik and a Service: whoever says by `/health` that they are ready get requests in turn, over connections
 * that are kept. Nothing is tried again: what a member does not answer has failed.
 */
export async function startBalancer(): Promise<Balancer> {
  const members = new Map<string, Member>();
  const agents = Array.from(
    { length: CLIENTS },
    (_, n) => new Agent({ keepAlive: true, localAddress: `127.0.2.${n + 1}` }),
  );
  let turn = 0;

  const pass = (asked: IncomingMessage, answer: ServerResponse): void => {
    const ready = [...members.values()].filter(({ isReady }) => isReady);
    const member = ready[turn % ready.length];
    const agent = agents[turn % CLIENTS];
    turn += 1;
    if (!member || !agent) return void answer.writeHead(502).end();
    const { method, headers, url = '/' } = asked;
    const passed = request(new URL(url, member.url), { method, headers, agent }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    passed.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    asked.pipe(passed);
  };
  const probe = setInterval(() => {
    for (const member of members.values()) void isReady(member.url).then((ready) => (member.isReady = ready));
  }, PROBE_MS);

  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (url) => void members.set(url, { url, isReady: true }),
    remove: (url) => void members.delete(url),
    async close() {
      clearInterval(probe);
      for (const agent of agents) agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A release that has no word of its own for it is ready while it answers at all. */
async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) })).status !== 503;
  } catch {
    return false;
  }
}
