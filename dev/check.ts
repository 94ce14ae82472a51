import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Name → command. The bootstrap puts the installed commands on PATH. */
const CHECKS: Record<string, readonly [string, ...string[]]> = {
  types: ['tsc', '-p', '.'],
  mails: ['tsc', '-p', 'mails'],
  // It is checked against the API's own document.
  admin: ['sh', '-c', 'node admin-pages/types.ts && tsc -p admin-pages'],
  style: ['biome', 'check', '.'],
  layers: ['node', 'dev/check-layers.ts'],
  unused: ['knip', '--no-progress', '--treat-config-hints-as-errors'],
  schema: ['node', 'dev/check-schema.ts'],
  openapi: ['node', 'dev/check-openapi.ts'],
};

/** Longer than that and it hangs, for instance on a question that nobody is there to answer. */
const LIMIT_MS = 180_000;

async function run(name: string, [command, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  const ended = new Promise<boolean>((resolve) => {
    child.on('error', (error) => console.log(`${command}: ${error.message}`));
    child.on('close', (code) => resolve(code === 0));
  });
  const [out, err, isFine] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  console.log(`${isFine ? '✔' : '✘'} ${name.padEnd(7)} ${Math.round(performance.now() - started)} ms`);
  if (!isFine) console.log(`${out}${err}`.trimEnd());
  return isFine;
}

const outcomes = await Promise.all(Object.entries(CHECKS).map(([name, command]) => run(name, command)));
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
