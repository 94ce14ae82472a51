import type { Access } from './access.ts';
import type { Command } from './command.ts';
import type { Connection } from './connection.ts';
import { Failure } from './failure.ts';
import { withPatience } from './patience.ts';
import { refusalOf } from './refusal.ts';
import type { Reply } from './reply.ts';

/** How work gets a connection, and how long a command of it may wait for something to come. */
export type Runner = {
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  patience_ms: number;
};

export async function runOne(runner: Runner, access: Access, command: Command): Promise<Reply> {
  const [reply = null] = await runPipeline(runner, access, [command]);
  return reply;
}

/** In order, and each for itself: what is refused keeps nothing else from being done. */
export async function runPipeline(runner: Runner, access: Access, commands: readonly Command[]): Promise<Reply[]> {
  const refused = commands.map((command) => refusal(command, access));
  const allowed = commands.filter((_, at) => !refused[at]).map((command) => withPatience(command, runner.patience_ms));
  const replies = allowed.length > 0 ? await runner.use((connection) => connection.send(allowed)) : [];
  const next = replies.values();
  return refused.map((error) => error ?? next.next().value ?? null);
}

/** All or nothing: what is refused is not even begun. */
export async function runTransaction(runner: Runner, access: Access, commands: readonly Command[]): Promise<Reply[]> {
  const refused = commands.map((command) => refusalOf(command, access)).find((text) => text !== undefined);
  if (refused !== undefined) throw new Failure(400, `EXECABORT Transaction discarded because of: ${refused}`);
  const done = await runner.use((connection) => connection.transact(commands));
  if (done instanceof Error) throw new Failure(400, done.message);
  return done;
}

function refusal(command: Command, access: Access): Error | undefined {
  const text = refusalOf(command, access);
  return text === undefined ? undefined : new Error(text);
}
