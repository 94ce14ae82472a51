import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documented } from '../workers/app.ts';
import { openapi } from '../workers/http/openapi.ts';

const SOURCES = fileURLToPath(new URL('../site', import.meta.url));
const VIEWER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** The viewer in one script and one style sheet, and the notices that its licence asks us to pass on. */
const VIEWER_FILES = [
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'swagger-ui.css',
  'LICENSE',
  'NOTICE',
] as const;

/** Makes `outdir` hold the landing site, the API reference and the OpenAPI document, and nothing else. A file that is right is left alone. */
export async function buildSite(outdir = '.build/site'): Promise<void> {
  const wanted = new Map<string, Buffer>();
  for (const path of await filesIn(SOURCES)) wanted.set(path, await readFile(join(SOURCES, path)));
  for (const name of VIEWER_FILES) wanted.set(join('api', 'docs', name), await readFile(join(VIEWER, name)));
  wanted.set(join('api', 'openapi.json'), Buffer.from(JSON.stringify(openapi(documented()))));

  for (const path of await filesIn(outdir)) if (!wanted.has(path)) await rm(join(outdir, path));
  for (const [path, content] of wanted) await put(content, join(outdir, path));
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  return (entries ?? []).filter((entry) => entry.isFile()).map((e) => relative(folder, join(e.parentPath, e.name)));
}

async function put(content: Buffer, target: string): Promise<void> {
  const present = await readFile(target).catch(absent);
  if (present?.equals(content)) return;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

if (import.meta.main) await buildSite();
