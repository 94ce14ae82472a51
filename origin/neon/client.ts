import { NeonDbError, type NeonQueryFunction, types } from '@neondatabase/serverless';
import { prepareValue } from 'pg/lib/utils';
import { ended } from './answer.ts';
import type { Output } from './exchange.ts';
import { fieldsOf, isKnown } from './refusal.ts';
import { type Statement, sendable, type Work } from './request.ts';

export type Run = (work: Work) => Promise<Output[]>;

/**
 * What Drizzle asks of Neon's driver (https://neon.com/docs/serverless/serverless-driver), on connections of this process:
 * rows and errors as the driver makes them, without the JSON and the HTTP between, which were a tenth of a board's CPU time.
 */
export function newClient(run: Run): NeonQueryFunction<false, false> {
  const send: Send = async (queries, begin) => {
    try {
      const outputs = await run({ statements: queries.map(statementOf), ...(begin && { begin }) });
      return outputs.map((output, i) => resultOf(output, queries[i]?.options.arrayMode));
    } catch (error) {
      throw asDriver(error);
    }
  };
  const query = (text: string, params: unknown[], options: Options) => new Query(text, params, options, send);
  const transaction = (queries: Query[]) => send(queries, 'begin');
  // The driver's own is a template tag besides, which Drizzle has no use for.
  return { query, transaction } as unknown as NeonQueryFunction<false, false>;
}

type Options = { arrayMode?: boolean };
type Send = (queries: Query[], begin?: string) => Promise<unknown[]>;

/** Not sent before it is awaited: it may become part of a transaction. */
class Query implements PromiseLike<unknown> {
  readonly text: string;
  readonly params: unknown[];
  readonly options: Options;
  readonly #send: Send;

  constructor(text: string, params: unknown[], options: Options, send: Send) {
    this.text = text;
    this.params = params;
    this.options = options;
    this.#send = send;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is what it is for
  then<A = unknown, B = never>(
    onResult?: ((result: unknown) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#send([this])
      .then(([result]) => result)
      .then(onResult, onError);
  }
}

const statementOf = ({ text, params }: Query): Statement =>
  sendable({ text, values: params.map(paramOf), rowAsArray: true });

function paramOf(param: unknown): string | null {
  const value = prepareValue(param);
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value === null ? null : String(value);
}

function resultOf({ fields, rows, tag }: Output, arrayMode = false) {
  const parsers = fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID >>> 0));
  const parsed = rows.map((row) => row.map((value, i) => (value === null ? null : parsers[i]?.(value))));
  const named = (row: unknown[]) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i]]));
  return { fields, rows: arrayMode ? parsed : parsed.map(named), rowAsArray: arrayMode, ...ended(tag) };
}

/** An abort stays what it is. */
const asDriver = (error: unknown): unknown =>
  isKnown(error) ? Object.assign(new NeonDbError(error.message), fieldsOf(error), { sourceError: error }) : error;
