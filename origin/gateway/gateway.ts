import { createServer, type Server, type ServerResponse } from 'node:http';
import { newAccess, type Tokens } from './access.ts';
import { failed } from './answer.ts';
import type { Connect } from './connection.ts';
import { Failure } from './failure.ts';
import { handle, type Parts } from './handle.ts';
import { newPool } from './pool.ts';
import { newStreams } from './stream.ts';
import { type Log, witnessed } from './witness.ts';

/** A request must have come whole by then. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than whoever keeps connections to us, or they would send into one that we close. */
const KEEP_ALIVE_MS = 65_000;
/** Says up to which write a copy must be. There are no copies here: whoever reads sees every write. */
const SYNC_TOKEN = '0';

type Options = {
  connect: Connect;
  tokens: Tokens;
  connections: number;
  deadline_ms: number;
  log: Log;
};
export type Gateway = { server: Server; drain(patience_ms: number): Promise<void> };

/** Redis over HTTP, as @upstash/redis speaks it. */
export function newGateway({ connect, tokens, connections, deadline_ms, log }: Options): Gateway {
  let isDraining = false;
  const parts: Parts = {
    pool: witnessed(newPool(connect, connections), log),
    streams: newStreams(connect, deadline_ms),
    deadline_ms,
    accessOf: newAccess(tokens),
    isDraining: () => isDraining,
  };
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(timeouts, async (request, response) => {
    response.setHeader('upstash-sync-token', SYNC_TOKEN);
    try {
      const text = await handle(parts, request, response);
      if (text === undefined) return;
      send(response, 200, text, isDraining);
    } catch (error) {
      if (response.closed || response.headersSent) return void response.destroy();
      if (!(error instanceof Failure)) log('gateway.crashed', { error: String(error) });
      const { status, message } = error instanceof Failure ? error : new Failure(500, 'ERR internal error');
      if (status === 405) response.setHeader('allow', 'HEAD, GET, POST, PUT');
      send(response, status, failed(message), isDraining || !request.complete);
    }
  });

  async function drain(patience_ms: number): Promise<void> {
    isDraining = true;
    parts.streams.close();
    const impatience = setTimeout(() => server.closeAllConnections(), patience_ms);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(impatience);
    parts.pool.close();
  }
  return { server, drain };
}

function send(response: ServerResponse, status: number, text: string, isLast: boolean): void {
  if (isLast) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(text);
}
