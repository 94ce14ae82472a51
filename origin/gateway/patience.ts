import type { Command } from './command.ts';

/** How many words an option of XREAD and XREADGROUP takes, its name included. */
const LENGTHS: Readonly<Record<string, number>> = { COUNT: 2, BLOCK: 2, GROUP: 3, NOACK: 1, CLAIM: 2 };

/** XREAD … BLOCK waits no longer than this: to answer early that nothing came is within its promise. */
export function withPatience(command: Command, limit_ms: number): Command {
  if (command.name !== 'XREAD' && command.name !== 'XREADGROUP') return command;
  for (let at = 0; at < command.args.length; ) {
    const option = String(command.args[at]).toUpperCase();
    const length = LENGTHS[option];
    if (length === undefined) break; // STREAMS, behind which are names
    if (option === 'BLOCK')
      return { ...command, args: command.args.with(at + 1, shorter(command.args[at + 1], limit_ms)) };
    at += length;
  }
  return command;
}

/** Zero is for ever. What is no number is Redis's to refuse. */
function shorter(block: string | Buffer | undefined, limit_ms: number): string {
  const text = String(block ?? '');
  if (!/^\d+$/.test(text)) return text;
  const block_ms = Number(text);
  return String(block_ms === 0 ? limit_ms : Math.min(block_ms, limit_ms));
}
