import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** Shows them on a port of its own, which no ingress leads to. */
export function serveMetrics(registry: Registry, { port, host }: { port: number; host: string }): Server {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  });
  return server.listen(port, host);
}
