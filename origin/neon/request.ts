import { paramText } from './params.ts';
import { Refusal } from './refusal.ts';

/** The hosted service writes the number of parameters into a signed 16-bit field. */
const MAX_PARAMS = 32_767;

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: 'read uncommitted',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Serializable: 'serializable',
};

export type Statement = { text: string; values: (string | null)[]; rowAsArray: boolean };

/** What is run on one connection. `begin` is there if the statements are to be one transaction. */
export type Work = { statements: Statement[]; begin?: string };

/** What one POST asks for. */
export type NeonRequest = Work & {
  connectionString: string;
  isRaw: boolean;
  /** Headers of the batch that the answer repeats. */
  echo: Record<string, string>;
};

/** Reads a request as the hosted service does, and refuses it in the same words. */
export function parseRequest(headers: Headers, body: string, maxBytes: number): NeonRequest {
  const connectionString = headers.get('neon-connection-string');
  if (connectionString === null) throw new Refusal(400, 'invalid header: neon-connection-string');
  // Whoever sends a token expects to act with its rights only: falling back on the password would give more.
  if (headers.has('authorization')) throw new Refusal(400, 'missing authentication credentials: required password');
  const { begin, echo } = transaction(headers);

  const payload = parseBody(body, maxBytes);
  const isArrayMode = headers.get('neon-array-mode') === 'true';
  const request = { connectionString, isRaw: headers.get('neon-raw-text-output') === 'true' };
  if ('query' in payload) return { ...request, echo: {}, statements: [statement(payload, isArrayMode)] };
  if (!Array.isArray(payload.queries)) throw unreadable(WRONG_SHAPE);
  return { ...request, begin, echo, statements: payload.queries.map((query) => statement(query, isArrayMode)) };
}

function transaction(headers: Headers): { begin: string; echo: Record<string, string> } {
  const modes: string[] = [];
  const echo: Record<string, string> = {};
  const add = (header: string, value: string, mode: string) => {
    modes.push(mode);
    echo[header] = value;
  };
  if (headers.get('neon-batch-read-only') === 'true') add('neon-batch-read-only', 'true', 'read only');
  if (headers.get('neon-batch-deferrable') === 'true') add('neon-batch-deferrable', 'true', 'deferrable');
  const level = headers.get('neon-batch-isolation-level');
  if (level !== null) {
    const words = Object.hasOwn(ISOLATION_LEVELS, level) ? ISOLATION_LEVELS[level] : undefined;
    if (words === undefined) throw new Refusal(400, 'invalid isolation level');
    add('neon-batch-isolation-level', level, `isolation level ${words}`);
  }
  return { begin: `begin ${modes.join(', ')}`, echo };
}

type Payload = { query?: unknown; queries?: unknown };

function parseBody(body: string, maxBytes: number): Payload {
  // A UTF-16 unit takes at most three bytes: short bodies need no counting.
  if (body.length * 3 > maxBytes && Buffer.byteLength(body) > maxBytes) throw requestTooLarge(maxBytes);
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch (error) {
    throw unreadable((error as SyntaxError).message);
  }
  if (typeof payload !== 'object' || payload === null) throw unreadable(WRONG_SHAPE);
  return payload;
}

function statement(sent: unknown, isArrayMode: boolean): Statement {
  if (typeof sent !== 'object' || sent === null) throw unreadable(WRONG_SHAPE);
  const { query, params = [], arrayMode = null } = sent as { query?: unknown; params?: unknown; arrayMode?: unknown };
  if (typeof query !== 'string' || !Array.isArray(params)) throw unreadable(WRONG_SHAPE);
  if (arrayMode !== null && typeof arrayMode !== 'boolean') throw unreadable(WRONG_SHAPE);
  return sendable({ text: query, values: params.map(paramText), rowAsArray: arrayMode ?? isArrayMode });
}

/** The statement itself, if the protocol can carry it. */
export function sendable(statement: Statement): Statement {
  const { text, values } = statement;
  // UTF-8 has no half surrogates; they would arrive as other characters than were sent.
  if (!text.isWellFormed() || !values.every((value) => value?.isWellFormed() ?? true)) {
    throw unreadable('lone leading surrogate in hex escape');
  }
  // In the protocol a NUL ends the statement: what follows would be read as something else.
  if (text.includes('\0')) throw unsendable('string contains embedded null');
  if (values.length > MAX_PARAMS) throw unsendable('value too large to transmit');
  return statement;
}

const WRONG_SHAPE = 'data did not match any variant of untagged enum Payload';
const unreadable = (why: string) => new Refusal(400, `could not parse the HTTP request body: ${why}`);
const unsendable = (why: string) => new Refusal(400, `error encoding message to server: ${why}`);

/** The refusal of a body over the limit; whoever reads the body from a socket stops there already. */
export const requestTooLarge = (maxBytes: number): Refusal =>
  new Refusal(413, `request is too large (max is ${maxBytes} bytes)`);
