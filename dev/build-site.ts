import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** Makes `outdir` hold the landing site and the API reference, and nothing else. A file that is right is left alone. */
export async function buildSite(outdir = '.build/site'): Promise<void> {
  const wanted = new Map<string, string>();
  for (const path of await filesIn(SOURCES)) wanted.set(path, join(SOURCES, path));
  for (const name of VIEWER_FILES) wanted.set(join('api', 'docs', name), join(VIEWER, name));

  for (const path of await filesIn(outdir)) if (!wanted.has(path)) await rm(join(outdir, path));
  for (const [path, source] of wanted) await copy(source, join(outdir, path));
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  return (entries ?? []).filter((entry) => entry.isFile()).map((e) => relative(folder, join(e.parentPath, e.name)));
}

async function copy(source: string, target: string): Promise<void> {
  const [content, present] = await Promise.all([readFile(source), readFile(target).catch(absent)]);
  if (present?.equals(content)) return;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

if (import.meta.main) await buildSite();
