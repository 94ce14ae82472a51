import { type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Line } from './line.ts';
import { Lost } from './lost.ts';

const MAX_ANSWER_CHARS = 64 * 1024;

export type Answer = { status: number; apns_id: string | null; retry_after: string | null; text: string };

/** One request on a line, and its answer. An answer that breaks off is one: its status says what happened. */
export function exchange(line: Line, headers: OutgoingHttpHeaders, body: string, deadline_ms: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = begin(line, headers);
    let answer: Answer | undefined;
    let failure: Error | undefined;
    const timer = setTimeout(() => {
      reject(new Lost(isQueued(stream), 'No answer in time'));
      line.heard_ms = Number.NEGATIVE_INFINITY;
      stream.close(constants.NGHTTP2_CANCEL);
    }, deadline_ms);
    stream.setEncoding('utf8');
    stream.on('response', ({ ':status': status = 0, 'apns-id': apns_id, 'retry-after': retry_after }) => {
      line.heard_ms = performance.now();
      answer = { status, apns_id: apns_id?.toString() ?? null, retry_after: retry_after ?? null, text: '' };
    });
    stream.on('data', (chunk: string) => {
      if (answer && answer.text.length < MAX_ANSWER_CHARS) answer.text += chunk;
    });
    stream.on('error', (error) => {
      failure = error;
    });
    stream.on('close', () => {
      clearTimeout(timer);
      if (answer) return resolve(answer);
      const why = [failure?.message ?? `The stream was closed with ${stream.rstCode}`, line.farewell?.reason];
      reject(new Lost(isRefused(stream, line), why.join(' ').trim(), failure));
    });
    stream.end(body);
  });
}

function begin({ session }: Line, headers: OutgoingHttpHeaders): ClientHttp2Stream {
  try {
    return session.request(headers);
  } catch (error) {
    // The line went between the look at it and this.
    throw new Lost(true, `No request can be sent: ${error}`, error);
  }
}

/** It waited here until others were answered, and never left. */
const isQueued = ({ state }: ClientHttp2Stream): boolean => state.state === constants.NGHTTP2_STREAM_STATE_IDLE;

/** RFC 9113, 8.7: whoever refuses a stream, or goes away and names one before it, has not acted on it. */
const isRefused = ({ rstCode, id = 0 }: ClientHttp2Stream, { farewell }: Line): boolean =>
  rstCode === constants.NGHTTP2_REFUSED_STREAM || (farewell !== null && id > farewell.last_stream_id);
