import { DatabaseError } from 'pg';

/** What the driver copies from an error's JSON, in the order in which the hosted service writes it. */
const FIELDS = [
  ...['code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery', 'severity', 'where', 'table'],
  ...['column', 'schema', 'dataType', 'constraint', 'file', 'line', 'routine'],
] as const;

/** An error that PostgreSQL did not report: what the service itself refuses or could not do. */
export class Refusal extends Error {
  readonly status: number;
  /** A SQLSTATE where callers may want to tell failures apart; the hosted service leaves it empty. */
  readonly code: string;
  readonly detail: string | null;

  constructor(
    status: number,
    message: string,
    { code = '', detail = null as string | null, cause = undefined as unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** Nothing was sent, so trying again is safe. */
export const cannotConnect = (cause: Error & { code?: string }): Refusal =>
  // Where a name has several addresses, the error that sums up has a code but no message.
  new Refusal(500, `error connecting to server: ${cause.message || cause.code}`, { code: '08001', cause });

/** The connection went away while a statement was on it: whether it took effect is unknown. */
export const connectionLost = (cause: unknown): Refusal =>
  new Refusal(400, 'connection closed', { code: '08006', cause });

/** Every connection is taken, and stayed so for as long as a request may wait. */
export const tooBusy = (): Refusal =>
  new Refusal(
    500,
    'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
    { code: '53300' },
  );

export const isKnown = (error: unknown): error is Refusal | DatabaseError =>
  error instanceof Refusal || error instanceof DatabaseError;

export function fieldsOf(error: Refusal | DatabaseError): Record<string, string | null> {
  const values = error as Partial<Record<(typeof FIELDS)[number], string | null>>;
  const without = (field: string) => (field === 'severity' || field === 'code' ? '' : null);
  return Object.fromEntries(FIELDS.map((field) => [field, values[field] ?? without(field)]));
}

/** The response for an error; an error that is neither PostgreSQL's nor a refusal is a bug and is thrown on. */
export function errorResponse(error: unknown): Response {
  if (!isKnown(error)) throw error;
  const status = error instanceof Refusal ? error.status : 400;
  return Response.json({ message: error.message, ...fieldsOf(error) }, { status });
}
