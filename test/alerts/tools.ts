import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/prometheus', import.meta.url));

/** What each is called: by its makers and in Homebrew, and in Debian; and Debian's package. */
const TOOLS = {
  prometheus: { names: ['prometheus'], debian: 'prometheus' },
  promtool: { names: ['promtool'], debian: 'prometheus' },
  alertmanager: { names: ['alertmanager', 'prometheus-alertmanager'], debian: 'prometheus-alertmanager' },
  amtool: { names: ['amtool'], debian: 'prometheus-alertmanager' },
  blackbox: { names: ['blackbox_exporter', 'prometheus-blackbox-exporter'], debian: 'prometheus-blackbox-exporter' },
} as const;
type Tool = keyof typeof TOOLS;

/**
 * The path of a tool of Prometheus'. What the machine lacks is installed by whoever may do that, else unpacked for the tests
 * alone; an Alertmanager that is only unpacked checks its files and does not run, for Debian's looks for its templates where
 * they are installed.
 */
export function tool(name: Tool): string {
  const { debian } = TOOLS[name];
  const had = inPath(name) ?? unpacked(name);
  if (had) return had;
  if (process.getuid?.() === 0) install(debian);
  else unpack(debian);
  const found = inPath(name) ?? unpacked(name);
  if (!found) throw new Error(`${name} is missing: install ${debian}, by apt or by brew.`);
  return found;
}

function inPath(name: Tool): string | undefined {
  return TOOLS[name].names.find((command) => spawnSync(command, ['--version']).status === 0);
}

function unpacked(name: Tool): string | undefined {
  const folder = join(CACHE, TOOLS[name].debian, 'usr', 'bin');
  return TOOLS[name].names.map((command) => join(folder, command)).find((path) => existsSync(path));
}

/** Its service is not started: this runlevel starts none. */
const QUIETLY = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

function install(debian: string): void {
  aptGet(['install', '-y', '-qq', '--no-install-recommends', debian], '.');
}

function unpack(debian: string): void {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'unpacking-'));
  try {
    aptGet(['download', '-qq', debian], folder);
    const [file = ''] = readdirSync(folder).filter((entry) => entry.endsWith('.deb'));
    const { status, stderr } = spawnSync('dpkg-deb', ['-x', file, 'root'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${file} cannot be unpacked: ${stderr}`);
    // Whoever was faster has unpacked the same.
    if (!existsSync(join(CACHE, debian))) renameSync(join(folder, 'root'), join(CACHE, debian));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function aptGet(args: string[], cwd: string): void {
  const run = () => spawnSync('apt-get', args, { cwd, encoding: 'utf8', env: { ...process.env, ...QUIETLY } });
  if (run().status === 0) return;
  // A fresh image has no lists of packages.
  spawnSync('apt-get', ['update', '-qq']);
  const { status, stderr, error } = run();
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')}: ${stderr ?? error}`);
}
