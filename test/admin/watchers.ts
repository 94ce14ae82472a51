import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** By the beginning of a path: what is answered as JSON, a status without more, or nothing at all. */
type Answers = Record<string, object | number | 'hangs' | ((query: URLSearchParams) => object)>;

/** Stands for those that watch honeyDue, speaking as they do; remembers what it was asked. */
export async function startWatchers(answers: Answers) {
  const asked: { path: string; query: URLSearchParams; authorization: string | undefined }[] = [];
  const server = createServer(({ url, headers }, response) => {
    const { pathname, searchParams } = new URL(url ?? '/', 'http://localhost');
    asked.push({ path: pathname, query: searchParams, authorization: headers.authorization });
    const [, answer = 404] = Object.entries(answers).find(([path]) => pathname.startsWith(path)) ?? [];
    if (answer === 'hangs') return;
    if (typeof answer === 'number') return void response.writeHead(answer).end('no');
    const body = typeof answer === 'function' ? answer(searchParams) : answer;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
