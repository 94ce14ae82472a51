import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

type Answer = { status: number; headers: Headers; body: unknown };

/** Does what a line that begins with `curl` says. The shell splits it, as it would for curl, which may be missing here. */
export async function curl(line: string, variables: Record<string, string> = {}): Promise<Answer> {
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}`;
  const words = execFileSync('/bin/sh', ['-euc', script], { env: variables, encoding: 'utf8' });
  const { values, positionals } = parseArgs({
    args: words.split('\0').slice(0, -1),
    options: {
      request: { type: 'string', short: 'X' },
      header: { type: 'string', short: 'H', multiple: true },
      data: { type: 'string', short: 'd' },
    },
    allowPositionals: true,
  });
  const headers = (values.header ?? []).map((header) => header.split(/:\s*(.*)/s, 2) as [string, string]);
  const method = values.request ?? (values.data === undefined ? 'GET' : 'POST');
  const response = await fetch(positionals.join(' '), { method, headers, body: values.data });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
