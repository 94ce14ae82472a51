import type { ServerResponse } from 'node:http';
import type { Connect, Listening } from './connection.ts';
import { deadlineOf, orAborted } from './deadline.ts';
import { Failure } from './failure.ts';
import { bytesOf } from './percent.ts';

const MAX_STREAMS = 100;
/** Keeps proxies from closing a stream in which nothing happens. */
const HEARTBEAT_MS = 15_000;
/** Who reads so slowly that this much waits for them is told no more. */
const MAX_WAITING_BYTES = 1024 * 1024;

export type Topic = { kind: Listening; channels: string[] };
export type Streams = { start(response: ServerResponse, topic: Topic): Promise<void>; close(): void };

/** `/subscribe/channel` and `/psubscribe/pattern`, which are answered for as long as anybody listens. */
export function topicIn(path: string): Topic | undefined {
  const [kind, ...channels] = path
    .split('/')
    .slice(1)
    .map((word) => bytesOf(word).toString());
  return kind === 'subscribe' || kind === 'psubscribe' ? { kind, channels } : undefined;
}

/** Messages as server-sent events, in the words of Redis: `data: message,channel,text`. */
export function newStreams(connect: Connect, deadline_ms: number): Streams {
  const running = new Set<ServerResponse>();
  return {
    async start(response, topic) {
      if (topic.channels.length === 0)
        throw new Failure(400, `ERR wrong number of arguments for '${topic.kind}' command`);
      if (running.size >= MAX_STREAMS) throw new Failure(503, 'UNAVAILABLE too many subscribers');
      running.add(response);
      response.once('close', () => running.delete(response));
      const { signal, end } = deadlineOf(response, deadline_ms);
      await orAborted(signal, stream(response, topic, connect)).finally(end);
    },
    close() {
      for (const response of running) response.end();
    },
  };
}

async function stream(response: ServerResponse, { kind, channels }: Topic, connect: Connect): Promise<void> {
  const connection = await connect().catch((cause) => {
    throw new Failure(503, 'UNAVAILABLE Redis is away', { cause });
  });
  if (response.closed) return connection.close();
  response.once('close', connection.close);
  const tell = (parts: readonly string[]) => {
    response.write(event(parts.join(',')));
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
  };
  let early: string[][] | undefined = []; // what comes before the answer has begun
  await connection.listen(kind, channels, (parts) => (early ? early.push(parts) : tell(parts)));
  if (response.headersSent) return connection.close(); // too late: it was refused in the meantime
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const parts of [...channels.map((channel, at) => [kind, channel, String(at + 1)]), ...early]) tell(parts);
  early = undefined;
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  response.once('close', () => clearInterval(heartbeat));
  connection.onClose(() => response.end());
}

const event = (text: string): string => `${text.replace(/^/gm, 'data: ')}\n\n`;
