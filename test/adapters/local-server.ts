import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
export type Answer =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  /** Nothing, or only a beginning, for as long as the other side waits. */
  | { hang: 'at once' | 'in the body' };

export type LocalServer = { url: string; asked: Asked[]; close(): Promise<void> };

/** A real HTTP server on the loopback that keeps what it was asked. */
export async function startServer(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<LocalServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const question = { method, path: url, headers, body: await text(request) };
    asked.push(question);
    const answered = await answer(question);
    if ('hang' in answered) {
      if (answered.hang === 'in the body') response.writeHead(200, { 'content-length': '100' }).write('{');
      return;
    }
    const { status = 200, json, text: body = JSON.stringify(json ?? null), headers: sent } = answered;
    response.writeHead(status, { 'content-type': 'application/json', ...sent }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

/** An address where nothing listens. */
export async function deadUrl(): Promise<string> {
  const { url, close } = await startServer(() => ({}));
  await close();
  return url;
}
