import * as z from 'zod';
import { Failure } from './failure.ts';
import { bytesOf } from './percent.ts';

export type Argument = string | Buffer;
/** Its name, in capitals, and its arguments. */
export type Command = { name: string; args: Argument[] };

/** A request of more commands would keep everybody else waiting. */
const MAX_COMMANDS = 10_000;
const Words = z.array(z.string()).min(1);
const Batch = z.array(Words).max(MAX_COMMANDS);

/** `/set/key/value?EX=10&NX`; a body comes after the path and before the query. */
export function commandInPath(path: string, query: string, body: Buffer): Command {
  const inPath = path.split('/').slice(1);
  if (inPath.at(-1) === '') inPath.pop();
  const words: Argument[] = inPath.map((word) => bytesOf(word));
  if (body.length > 0) words.push(body);
  return named([...words, ...query.split('&').flatMap(wordsInQuery)]);
}

/** `["SET", "key", "value"]` */
export const commandInBody = (body: Buffer): Command => named(parsed(Words, body));

/** `[["SET", "key", "value"], ["GET", "key"]]` */
export const commandsInBody = (body: Buffer): Command[] => parsed(Batch, body).map(named);

function wordsInQuery(pair: string): Argument[] {
  const at = pair.indexOf('=');
  const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  if (name === '' || name === '_token') return [];
  return (value === '' ? [name] : [name, value]).map((word) => bytesOf(word.replaceAll('+', ' ')));
}

function named([name = '', ...args]: Argument[]): Command {
  if (name.length === 0) throw new Failure(400, 'ERR empty command');
  return { name: name.toString().toUpperCase(), args };
}

function parsed<T>(schema: z.ZodType<T>, body: Buffer): T {
  const result = schema.safeParse(json(body.toString()));
  if (!result.success)
    throw new Failure(400, 'ERR failed to parse the command: it takes strings and numbers in an array');
  return result.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text, asWritten);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new Failure(400, `ERR failed to parse the body: ${error.message}`, { cause: error });
  }
}

/** 9007199254740993 is a good argument and no good number. */
const asWritten = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? context?.source : value;
