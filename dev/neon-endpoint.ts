import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNeon, MAX_REQUEST_BYTES, type Neon, type NeonOptions, notSupported } from '../origin/neon/fetch.ts';
import { errorResponse, Refusal } from '../origin/neon/refusal.ts';
import { requestTooLarge } from '../origin/neon/request.ts';

const DEFAULTS = {
  host: '127.0.0.1',
  maxSockets: 256,
  /** For a request to arrive in full, its headers sooner. */
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  /** For an answer to be taken in full. */
  writeTimeoutMs: 30_000,
  keepAliveTimeoutMs: 60_000,
  /** For requests under way when the endpoint closes. */
  closeTimeoutMs: 5000,
};

type Options = NeonOptions & Partial<typeof DEFAULTS> & { port: number };

export type NeonEndpoint = { url: string; close(): Promise<void> };

/**
 * The hosted service's `POST /sql` for the local stack. Unlike the hosted one it allows no cross-origin requests: a
 * page of any site could else try the local database's well-known password.
 */
export async function startNeonEndpoint(options: Options): Promise<NeonEndpoint> {
  const settings = { ...DEFAULTS, ...options };
  const neon = createNeon(options);
  const maxBytes = options.maxRequestBytes ?? MAX_REQUEST_BYTES;
  const timeouts = {
    headersTimeout: settings.headersTimeoutMs,
    requestTimeout: settings.bodyTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, settings.headersTimeoutMs / 2),
  };
  let isClosing = false;
  const server = createServer(timeouts, async (request, response) => {
    try {
      const answer = await respond(neon, request, response, maxBytes);
      if (isClosing) response.setHeader('connection', 'close');
      await reply(response, answer, settings.writeTimeoutMs);
    } catch (error) {
      // A client that has gone is no fault of ours; anything else is, and gets no answer that could pass for one.
      if (!request.destroyed && !response.destroyed) console.error(error);
      response.destroy();
    }
  });
  server.maxConnections = settings.maxSockets;
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}/sql`,
    async close() {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      const cut = setTimeout(() => server.closeAllConnections(), settings.closeTimeoutMs);
      await closed;
      clearTimeout(cut);
      await neon.close();
    },
  };
}

async function respond(neon: Neon, request: IncomingMessage, response: ServerResponse, maxBytes: number) {
  const isSql = request.url?.split('?')[0] === '/sql' && request.method === 'POST';
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const body = await readBody(request, maxBytes);
    if (!isSql) return notSupported();
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (typeof value === 'string') headers.set(name, value);
    }
    return await neon.fetch(request.url ?? '', { body, headers, signal: gone.signal });
  } catch (error) {
    return errorResponse(error);
  }
}

/**
 * Counts what comes, whatever the headers promise. What is too much is still taken in, unkept, since many clients
 * read no answer before they have sent everything; past twice the limit that patience ends.
 */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 2 * maxBytes) request.socket.destroy();
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > maxBytes) throw requestTooLarge(maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new Refusal(400, 'could not parse the HTTP request body: invalid unicode code point', { cause });
  }
}

/** Whoever takes the answer too slowly loses the connection: until then it is held in memory. */
async function reply(response: ServerResponse, answer: Response, writeTimeoutMs: number): Promise<void> {
  const body = Buffer.from(await answer.text());
  if (response.destroyed) return; // its 'close' has been: nothing would end the timer before its time
  const cut = setTimeout(() => response.destroy(), writeTimeoutMs);
  response.once('close', () => clearTimeout(cut));
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'content-length': body.length });
  response.end(body);
}
