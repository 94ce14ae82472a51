import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildContext, type BuildResult, context, type Message } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { buildSite } from './build-site.ts';
import { DASHBOARD_SOURCES, dashboardWorker } from './dashboard.ts';
import { endWithUs } from './guarded.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = fileURLToPath(new URL('../wrangler.toml', import.meta.url));
const SITE = fileURLToPath(new URL('../site', import.meta.url));
const BUILT_SITE = fileURLToPath(new URL('../.build/site', import.meta.url));
const NAME = 'honeydue';

type Options = {
  port: number;
  /** Where the dashboard is served, with this Worker behind it; without it, nowhere. */
  adminPort?: number;
  /** The app's connection string, not the owner's. */
  databaseUrl: string;
  /** Where `POST /sql` is answered. */
  neonEndpoint: string;
  /** Where queues and limits keep what has to outlive the process; in memory without it. */
  folder?: string;
  /** Added to, and winning over, the variables of `wrangler.toml`. */
  vars?: Record<string, string>;
  /** Called with whatever the Worker and workerd print. */
  onLog?: (text: string) => void;
  /** Rebuilds and reloads when a file of the bundle changes; called after each time. */
  onReload?: (errors: string[]) => void;
};

export type Edge = {
  url: string;
  reload(): Promise<void>;
  /** What Cloudflare does when a cron expression is due. Rejects if the Worker failed. */
  scheduled(cron: string): Promise<void>;
  close(): Promise<void>;
};

/** The cron expressions that `wrangler.toml` lists. */
export const crons = (): string[] => unstable_readConfig({ config: CONFIG }).triggers.crons ?? [];

/** The variables that `wrangler.toml` gives a developer's machine, for the origin beside the Worker. It hears everybody here. */
export const localVars = (): Record<string, string> => ({
  ...(unstable_readConfig({ config: CONFIG }).vars as Record<string, string>),
  CALLERS: 'anyone',
});

/** Starts the Worker in workerd, bound to what `wrangler.toml` says. */
export async function startEdge(options: Options): Promise<Edge> {
  const { folder, onReload } = options;
  const buildPages = async () => {
    await buildSite(BUILT_SITE);
    if (options.adminPort) await buildAdmin();
  };
  await buildPages();
  if (folder) await mkdir(folder, { recursive: true });

  let runtime: Miniflare | undefined;
  let loaded = '';
  let turn: Promise<void> = Promise.resolve();
  const load = async (script: string) => {
    await runtime?.setOptions(toMiniflare(options, script));
    loaded = script;
    onReload?.([]);
  };
  const bundler = await makeBundler((result) => {
    if (!runtime || !onReload) return;
    const script = scriptOf(result);
    if (result.errors.length > 0) onReload(result.errors.map(described));
    else turn = turn.then(() => (script === loaded ? undefined : load(script))).catch((e) => onReload([String(e)]));
  });
  const reload = async () => {
    await buildPages();
    const script = scriptOf(await bundler.rebuild());
    const loading = turn.then(() => load(script));
    turn = loading.catch(() => {});
    await loading;
  };

  subscribe('child_process', guardWorkerd);
  try {
    loaded = scriptOf(await bundler.rebuild());
    runtime = withoutSignals(() => new Miniflare(toMiniflare(options, loaded)));
    await runtime.ready;
    if (onReload) await bundler.watch();
  } catch (error) {
    await Promise.allSettled([bundler.dispose(), runtime?.dispose()]);
    throw error;
  }
  const again = () => void reload().catch((e) => onReload?.([String(e)]));
  const watched = options.adminPort ? [SITE, DASHBOARD_SOURCES] : [SITE];
  const watchers = onReload ? watched.map((folder) => watchFolder(folder, again)) : [];

  const edge = runtime;
  return {
    url: `http://127.0.0.1:${(await edge.ready).port}`,
    reload,
    async scheduled(cron) {
      const worker = await edge.getWorker(NAME);
      const { outcome } = await worker.scheduled({ cron });
      if (outcome !== 'ok') throw new Error(`The Worker’s scheduled run of ${cron} ended as ${outcome}.`);
    },
    async close() {
      for (const stopWatching of watchers) stopWatching();
      await bundler.dispose();
      await turn;
      await edge.dispose();
      unsubscribe('child_process', guardWorkerd);
    },
  };
}

/** Miniflare starts a workerd for each load, and keeps its process to itself. */
function guardWorkerd(message: unknown): void {
  const { process: child } = message as { process: ChildProcess };
  child.once('spawn', () => {
    if (!child.spawnfile.includes('workerd') || child.pid === undefined) return;
    child.once('exit', endWithUs(child.pid));
  });
}

/** Miniflare would end this process at once when a signal comes. What the signal means is the caller's to say. */
function withoutSignals<T>(make: () => T): T {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  const made = make();
  for (const [signal, listeners] of before) {
    for (const listener of process.listeners(signal)) {
      if (!listeners.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return made;
}

/** Miniflare's own messages, to wherever the Worker's go. */
class PassedOn extends Log {
  readonly #onLog: (text: string) => void;

  constructor(level: LogLevel, onLog: (text: string) => void) {
    super(level);
    this.#onLog = onLog;
  }

  override log(message: string): void {
    this.#onLog(message);
  }
}

/** Only here: it brings a bundler of its own. */
const buildAdmin = async () => await (await import('../admin-pages/build.ts')).buildDashboard();

/** Calls back once for many changes at a time. */
function watchFolder(folder: string, onChange: () => void): () => void {
  let pause: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(pause);
    pause = setTimeout(onChange, 100);
  });
  return () => {
    clearTimeout(pause);
    watcher.close();
  };
}

const described = ({ text, location }: Message): string =>
  location ? `${location.file}:${location.line}: ${text}` : text;

function workerOptions() {
  return unstable_getMiniflareWorkerOptions(CONFIG).workerOptions;
}

function toMiniflare(options: Options, script: string): MiniflareOptions {
  const { port, adminPort, databaseUrl, neonEndpoint, folder, vars = {}, onLog } = options;
  const worker = workerOptions();
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    cf: false, // or it asks Cloudflare where this machine is
    unsafeTriggerHandlers: true, // GET /cdn-cgi/local/scheduled?cron=… does what is due then
    log: onLog ? new PassedOn(LogLevel.WARN, onLog) : new Log(LogLevel.WARN),
    ...(folder && { resourcePersistencePath: folder }),
    ...(onLog && { handleStructuredLogs: ({ message }) => onLog(message) }),
    workers: [
      {
        ...worker,
        name: NAME,
        modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
        bindings: {
          ...(worker.bindings as Record<string, string>),
          DATABASE_URL: databaseUrl,
          NEON_ENDPOINT: neonEndpoint,
          PUBLIC_URL: `http://127.0.0.1:${port}`,
          ...vars,
        },
      },
      ...(adminPort ? [dashboardWorker(adminPort, NAME)] : []),
    ],
  });
}

async function makeBundler(onEnd: (result: BuildResult) => void): Promise<BuildContext> {
  return await context({
    absWorkingDir: ROOT,
    entryPoints: ['workers/index.ts'],
    outfile: 'index.js',
    write: false,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['node:*'],
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['module', 'main'],
    keepNames: true,
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [{ name: 'reload', setup: (build) => build.onEnd(onEnd) }],
  });
}

const scriptOf = (result: BuildResult): string => result.outputFiles?.[0]?.text ?? '';
