import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import type { Stand } from './stand.ts';

const ENTRY = fileURLToPath(new URL('bare-worker.ts', import.meta.url));

/** Starts a Worker that does nothing but the bare select, in a workerd of its own. */
export async function startBare({ databaseUrl, endpoint }: Pick<Stand, 'databaseUrl' | 'endpoint'>) {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
  });
  const options = convertV4MiniflareOptions({
    cf: false, // or it asks Cloudflare where this machine is
    log: new Log(LogLevel.WARN),
    modules: [{ type: 'ESModule', path: 'index.js', contents: outputFiles[0]?.text ?? '' }],
    compatibilityDate: '2026-11-01',
    bindings: { DATABASE_URL: databaseUrl, NEON_ENDPOINT: endpoint },
  });
  const runtime = new Miniflare(options);
  const url = String(await runtime.ready);
  return { url, stop: () => runtime.dispose() };
}
