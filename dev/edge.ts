import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildContext, type BuildResult, context } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { buildSite } from './build-site.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = fileURLToPath(new URL('../wrangler.toml', import.meta.url));
const NAME = 'honeydue';

type Options = {
  port: number;
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

/** Starts the Worker in workerd, bound to what `wrangler.toml` says. */
export async function startEdge(options: Options): Promise<Edge> {
  await buildSite(fileURLToPath(new URL('../.build/site', import.meta.url)));
  if (options.folder) await mkdir(options.folder, { recursive: true });

  let runtime: Miniflare | undefined;
  let work: Promise<void> = Promise.resolve();
  const bundler = await makeBundler((result) => {
    if (!runtime) return;
    const running = runtime;
    work = work.then(async () => {
      if (result.errors.length === 0) await running.setOptions(toMiniflare(options, scriptOf(result)));
      options.onReload?.(result.errors.map(({ text, location }) => `${location?.file}:${location?.line} ${text}`));
    });
    work.catch((error: unknown) => options.onReload?.([String(error)]));
  });

  try {
    runtime = new Miniflare(toMiniflare(options, scriptOf(await bundler.rebuild())));
    await runtime.ready;
    if (options.onReload) await bundler.watch();
  } catch (error) {
    await Promise.allSettled([bundler.dispose(), runtime?.dispose()]);
    throw error;
  }

  const edge = runtime;
  return {
    url: `http://127.0.0.1:${(await edge.ready).port}`,
    async reload() {
      await bundler.rebuild();
      await work;
    },
    async scheduled(cron) {
      const worker = await edge.getWorker(NAME);
      const { outcome } = await worker.scheduled({ cron });
      if (outcome !== 'ok') throw new Error(`The Worker’s scheduled run of ${cron} ended as ${outcome}.`);
    },
    async close() {
      await bundler.dispose();
      await work.catch(() => {});
      await edge.dispose();
    },
  };
}

function workerOptions() {
  return unstable_getMiniflareWorkerOptions(CONFIG).workerOptions;
}

function toMiniflare(options: Options, script: string): MiniflareOptions {
  const { port, databaseUrl, neonEndpoint, folder, vars = {}, onLog } = options;
  const worker = workerOptions();
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    cf: false, // or it asks Cloudflare where this machine is
    log: new Log(LogLevel.WARN),
    ...(folder && { resourcePersistencePath: folder }),
    ...(onLog && { handleStructuredLogs: ({ message }) => onLog(message) }),
    ...worker,
    name: NAME,
    modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
    bindings: { ...(worker.bindings as Record<string, string>), DATABASE_URL: databaseUrl, NEON_ENDPOINT: neonEndpoint, ...vars },
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
