import type { Access } from './access.ts';
import { type Command, commandInBody, commandInPath, commandsInBody } from './command.ts';
import { Failure } from './failure.ts';
import { encodeResult, type Reply } from './reply.ts';
import { type Runner, runOne, runPipeline, runTransaction } from './run.ts';

export type Asked = { path: string; query: string; body: Buffer; access: Access; base64: boolean };

/** What a request asks of Redis, as the JSON that it is answered with. */
export async function answer(runner: Runner, asked: Asked): Promise<string> {
  const { path, body, access, base64 } = asked;
  if (path === '/pipeline') return list(await runPipeline(runner, access, batch(body)), base64);
  if (path === '/multi-exec') return list(await runTransaction(runner, access, batch(body)), base64);
  const reply = await runOne(runner, access, commandIn(asked));
  if (reply instanceof Error) throw new Failure(400, reply.message);
  return one(reply, base64);
}

const commandIn = ({ path, query, body }: Asked): Command =>
  path === '/' ? commandInBody(body) : commandInPath(path, query, body);

function batch(body: Buffer): Command[] {
  const commands = commandsInBody(body);
  if (commands.length === 0) throw new Failure(400, 'ERR empty pipeline request');
  return commands;
}

const list = (replies: readonly Reply[], base64: boolean): string =>
  `[${replies.map((reply) => one(reply, base64)).join(',')}]`;

const one = (reply: Reply, base64: boolean): string =>
  reply instanceof Error ? failed(reply.message) : `{"result":${encodeResult(reply, base64)}}`;

export const failed = (error: string): string => JSON.stringify({ error });
