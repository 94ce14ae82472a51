import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Exchange = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  /** Hands the request on and the answer back, unless `answer` makes another answer of it. */
  forward(answer?: (from: IncomingMessage, to: ServerResponse) => void): void;
  response: ServerResponse;
};

type Fault = (exchange: Exchange, number: number) => void;

/** Stands before a storage, and does with each request what the test wants; `number` counts them from 1. */
export async function startFaulty(target: string, behave: Fault) {
  const seen: string[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const forward: Exchange['forward'] = (answer = passOn) => {
      // The host that was signed stays, which is why the storage does not notice.
      const onward = request({ hostname, port, method, path: url, headers }, (from) => answer(from, response));
      onward.on('error', () => response.destroy());
      incoming.pipe(onward);
    };
    seen.push(`${method} ${[...new URL(url, target).searchParams.keys()].sort().join(' ')}`.trim());
    behave({ method, url, headers, forward, response }, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const passOn = (from: IncomingMessage, to: ServerResponse): void => {
  to.writeHead(from.statusCode ?? 502, from.headers);
  from.pipe(to);
};

export const busy =
  (headers: Record<string, string> = {}) =>
  ({ response }: Exchange): void =>
    void response.writeHead(503, headers).end('<Error><Code>SlowDown</Code></Error>');
export const reset = ({ response }: Exchange): void => void response.socket?.resetAndDestroy();
export const hang = (): void => {};
export const pass = ({ forward }: Exchange): void => forward();

/** Everything is done, and nobody is told. */
export const loseAnswer = ({ forward }: Exchange): void =>
  forward((from, to) => {
    from.resume().on('end', () => to.socket?.resetAndDestroy());
  });

/** Says what length the storage says, and stops half-way. */
export const truncate = ({ forward }: Exchange): void =>
  forward((from, to) => {
    to.writeHead(from.statusCode ?? 502, from.headers);
    from.once('data', (chunk: Buffer) => to.write(chunk.subarray(0, 10), () => to.socket?.destroy()));
  });

/** Sends a beginning, and then nothing for ever. */
export const stall = ({ forward }: Exchange): void =>
  forward((from, to) => {
    to.writeHead(from.statusCode ?? 502, from.headers);
    from.once('data', (chunk: Buffer) => to.write(chunk.subarray(0, 10)));
  });

/** Says another size than the storage does. */
export const lieAbout =
  (name: string, value: string) =>
  ({ forward }: Exchange): void =>
    forward((from, to) => {
      to.writeHead(from.statusCode ?? 502, { ...from.headers, [name]: value });
      from.pipe(to);
    });
