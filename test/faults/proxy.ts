import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * What a proxy does with what comes: nothing (`pass`), break off at once (`refuse`), keep silent (`hang`), break off in the
 * middle of the answer (`cut`) or just before it, when all is done (`lose`), answer a page (`page`) or what is JSON and yet
 * no answer (`odd`), or take its time (`slow`).
 */
export type Mode = 'pass' | 'refuse' | 'hang' | 'cut' | 'lose' | 'page' | 'odd' | 'slow';

const SLOW_MS = 5000;
const head = (status: string, type: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
const SAYS: Partial<Record<Mode, string>> = {
  page: head('500 Internal Server Error', 'text/html', '<html><h1>Internal Server Error</h1></html>'),
  odd: head('200 OK', 'application/json', '{"results":[null,null,null,null,null,null,null,null,null]}'),
};

/** Stands before a server, and is whatever it is told to be. `next` is asked for each burst of what a client sends. */
export async function startProxy(port: number, next: () => Mode = () => 'pass') {
  const state = { mode: next };
  const sockets = new Set<Socket>();
  /** How often requests passed here, by the id that they carried. */
  const ids = new Map<string, number>();

  const server = createServer((client) => {
    const behind = connect(port, '127.0.0.1');
    let mode: Mode = 'pass';
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        behind.destroy();
      });
    }
    client.on('data', async (bytes: Buffer) => {
      mode = state.mode();
      for (const [, id = ''] of bytes.toString('latin1').matchAll(/\r\nx-request-id: ([^\r]+)/gi)) {
        ids.set(id, (ids.get(id) ?? 0) + 1);
      }
      const said = SAYS[mode];
      if (said) client.end(said);
      else if (mode === 'refuse') client.resetAndDestroy();
      else if (mode !== 'hang') {
        if (mode === 'slow') await wait(SLOW_MS);
        behind.write(bytes);
      }
    });
    behind.on('data', (bytes: Buffer) => {
      if (mode === 'pass' || mode === 'slow') return client.write(bytes);
      if (mode === 'cut') client.write(bytes.subarray(0, bytes.length / 2));
      if (mode === 'cut' || mode === 'lose') setImmediate(() => client.resetAndDestroy());
      return undefined;
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    port: (server.address() as AddressInfo).port,
    ids,
    /** One thing for all that comes, or whatever a function says each time. */
    be(mode: Mode | (() => Mode)): void {
      state.mode = typeof mode === 'function' ? mode : () => mode;
      if (mode === 'refuse') for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Proxy = Awaited<ReturnType<typeof startProxy>>;
