import { type ClientHttp2Session, connect } from 'node:http2';
import { Lost } from './lost.ts';

/** A line that was silent for so long is asked first whether it lives: what lies between may have dropped it. */
const SILENCE_MS = 60_000;
const PING_DEADLINE_MS = 2000;

/** One HTTP/2 connection. */
export type Line = {
  session: ClientHttp2Session;
  /** When the other side was heard last, on the process's own clock. */
  heard_ms: number;
  ping: Promise<boolean> | null;
  /** What the other side said when it took its leave: the last request that it may act on, and why. */
  farewell: { last_stream_id: number; reason: string } | null;
};

/** A line is open once the other side has said how many requests it takes at a time; it refuses any more. */
export function openLine(url: string, deadline_ms: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    const line: Line = { session, heard_ms: 0, ping: null, farewell: null };
    const timer = setTimeout(() => session.destroy(new Error('nobody answered in time')), deadline_ms);
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      line.heard_ms = performance.now();
      resolve(line);
    });
    session.on('goaway', (_code, last_stream_id, said?: Uint8Array) => {
      line.farewell = { last_stream_id, reason: new TextDecoder().decode(said) };
    });
    // Once a line is open its errors reach the requests that are on it, and there is nothing left to reject here.
    session.on('error', (error) => reject(new Lost(true, `No connection: ${error.message}`, error)));
    session.once('close', () => {
      clearTimeout(timer);
      reject(new Lost(true, 'No connection: it was closed'));
    });
  });
}

/** False if no request should be sent on it any more. */
export async function isAlive(line: Line): Promise<boolean> {
  const { session } = line;
  if (session.closed || session.destroyed) return false;
  if (performance.now() - line.heard_ms < SILENCE_MS) return true;
  line.ping ??= ping(line).finally(() => {
    line.ping = null;
  });
  const isHeard = await line.ping;
  if (!isHeard) session.destroy();
  return isHeard;
}

function ping(line: Line): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PING_DEADLINE_MS);
    line.session.ping((error) => {
      clearTimeout(timer);
      if (!error) line.heard_ms = performance.now();
      resolve(!error);
    });
  });
}
