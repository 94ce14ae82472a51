// Runs on any Node a machine may have (20 or newer): installs what package-lock.json asks for if that has
// changed, then hands over to the pinned Node. Usage: node dev/bootstrap.mjs <file.ts | installed command> [args]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.installed-for');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('Installing packages …');
  // Not `npm ci`: it refuses a lock file that was written where other platforms' binaries could not be looked up.
  const install = spawnSync('npm', ['install', '--no-save', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (install.status !== 0) process.exit(install.status ?? 1);
  writeFileSync(stamp, lock);
}

// Every script below this one finds the pinned Node first, whatever the system has.
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, BOOTSTRAP_PID: String(process.pid) };
const [target = '', ...args] = process.argv.slice(2);
const command = target.endsWith('.ts') ? [join(bin, 'node'), join(root, target)] : [join(bin, target)];
const child = spawn(command[0], [...command.slice(1), ...args], { cwd: root, stdio: 'inherit', env });

// A terminal sends Ctrl-C to the whole group, a supervisor to this process alone: pass on what the child may have missed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
