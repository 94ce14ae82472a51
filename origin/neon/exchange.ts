import { type Client, type Connection, DatabaseError, type FieldDef } from 'pg';
import { Refusal } from './refusal.ts';
import type { Work } from './request.ts';

export type Row = (string | null)[];
export type Output = { fields: FieldDef[]; rows: Row[]; tag: string };

/** Room for what a row may cost on the wire beyond its JSON. */
const WIRE_FACTOR = 2;

type Limits = {
  maxBytes: number;
  /** Called once, as soon as the answer has outgrown the limit, while PostgreSQL may still be sending. */
  onTooLarge(): void;
};

/**
 * Sends all statements in one write with one Sync at its end, and collects what comes back, as text. One round trip,
 * whatever the number; after an error PostgreSQL skips the rest by itself. Resolves when the session is ready again.
 */
export function exchange(client: Client, work: Work, limits: Limits) {
  const { statements, begin } = work;
  return new Promise<Output[]>((resolve, reject) => {
    const outputs: Output[] = [];
    const total = statements.length + (begin === undefined ? 0 : 2);
    let output = noOutput();
    let bytes = 0;
    let completed = 0;
    let refused: 'size' | 'copy' | undefined;

    const refuse = (why: 'size' | 'copy') => {
      refused ??= why;
      outputs.length = 0;
      output = noOutput();
    };
    const finishOutput = () => {
      completed += 1;
      outputs.push(output);
      output = noOutput();
    };
    const refuseCopy = (connection: Connection) => {
      refuse('copy');
      connection.stream.destroy(); // COPY swallows the Sync that was sent: the two sides no longer agree
    };
    // A single row may be a gigabyte, and is gathered in memory before it is one.
    const wire = watchWire(client, limits.maxBytes * WIRE_FACTOR, () => refuse('size'));
    const end = (error?: unknown) => {
      wire.stop();
      if (refused === 'copy') reject(new Refusal(400, 'unexpected message from server'));
      else if (refused === 'size') reject(tooLarge(limits.maxBytes, outcome(error, completed < total)));
      else if (error) reject(error);
      else resolve(begin === undefined ? outputs : outputs.slice(1, -1));
    };

    // pg hands over the messages of the protocol to any object with these methods.
    client.query({
      submit: (connection: Connection) => send(connection, work),
      handleRowDescription: (message: { fields: FieldDef[] }) => {
        output.fields = message.fields;
      },
      handleDataRow: ({ fields }: { fields: Row }) => {
        wire.rowCame();
        if (refused) return;
        bytes += 3;
        for (const field of fields) bytes += (field === null ? 4 : field.length) + 3;
        output.rows.push(fields);
        if (bytes <= limits.maxBytes) return;
        refuse('size');
        limits.onTooLarge();
      },
      handleCommandComplete: ({ text }: { text: string }) => {
        output.tag = text;
        finishOutput();
      },
      handleEmptyQuery: finishOutput,
      handleCopyInResponse: refuseCopy,
      handleCopyData: (_message: unknown, connection: Connection) => refuseCopy(connection),
      handleError: end,
      handleReadyForQuery: () => end(),
    });
  });
}

const noOutput = (): Output => ({ fields: [], rows: [], tag: '' });

/** Stopping may come too late, and a connection may break before PostgreSQL has said what it did. */
function outcome(error: unknown, isUnfinished: boolean): Outcome {
  if (error === undefined) return 'executed';
  return error instanceof DatabaseError && isUnfinished ? 'rolled back' : 'unknown';
}

type Outcome = 'executed' | 'rolled back' | 'unknown';

/** The refusal of an answer over the limit; says in its detail what became of the statements. */
export const tooLarge = (maxBytes: number, outcome: Outcome): Refusal =>
  new Refusal(507, `response is too large (max is ${maxBytes} bytes)`, { detail: `outcome: ${outcome}` });

function send(connection: Connection, { statements, begin }: Work): void {
  const { stream } = connection;
  stream.cork();
  if (begin !== undefined) sendOne(connection, begin, []);
  for (const { text, values } of statements) sendOne(connection, text, values);
  if (begin !== undefined) sendOne(connection, 'commit', []);
  connection.sync();
  stream.uncork();
}

/** Unnamed statement and portal, parameters and results as text, types left to PostgreSQL. */
function sendOne(connection: Connection, text: string, values: Row): void {
  connection.parse({ name: '', text, types: [] }, true);
  connection.bind({ values }, true);
  connection.describe({ type: 'P' }, true);
  connection.execute(null, true);
}

/** Breaks the connection off when more than `limit` bytes have come without completing a row. */
function watchWire({ connection: { stream } }: Client, limit: number, onExceeded: () => void) {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limit) return;
    onExceeded();
    stream.destroy();
  };
  stream.on('data', count);
  return {
    rowCame: () => {
      bytes = 0;
    },
    stop: () => stream.off('data', count),
  };
}
