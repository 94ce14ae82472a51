import type { Access } from './access.ts';
import type { Command } from './command.ts';
import { DENIED, DENIED_SUBCOMMANDS, READ_SUBCOMMANDS, READS, YET_ALLOWED } from './command-lists.ts';

/** Why a command may not be sent; undefined if it may. */
export function refusalOf(command: Command, access: Access): string | undefined {
  const { name } = command;
  if (isDenied(command)) return `ERR Command is not available: '${name}'`;
  if (access === 'full' || READS.has(name) || isListed(READ_SUBCOMMANDS, command)) return undefined;
  return `NOPERM this user has no permissions to run the '${name.toLowerCase()}' command or its subcommand`;
}

const isDenied = (command: Command): boolean =>
  DENIED.has(command.name) ? !isListed(YET_ALLOWED, command) : isListed(DENIED_SUBCOMMANDS, command);

const isListed = (lists: Readonly<Record<string, readonly string[]>>, { name, args: [first = ''] }: Command): boolean =>
  Object.hasOwn(lists, name) && (lists[name] ?? []).includes(first.toString().toUpperCase());
