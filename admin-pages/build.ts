// Builds the dashboard into dist/ and its functions into generated/, if what they are made of has changed since the last time.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isAlive } from '../dev/database.ts';
import { writeTypes } from './types.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const GENERATED = join(FOLDER, 'generated');
const STAMP = join(GENERATED, 'built-from');
const LOCK = join(GENERATED, 'lock');
const PACKAGES = join(FOLDER, '..', 'package-lock.json');
const SKIPPED = /^(dist|generated|node_modules|\.wrangler)\//;
const PAUSE_MS = 100;

/** One build at a time, whoever asks for it. */
export async function buildDashboard(): Promise<void> {
  mkdirSync(GENERATED, { recursive: true });
  while (!isMine()) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  try {
    await buildIfChanged();
  } finally {
    rmSync(LOCK);
  }
}

async function buildIfChanged(): Promise<void> {
  const made = fingerprint(await writeTypes());
  const isThere = existsSync(join(FOLDER, 'dist', 'index.html'));
  if (isThere && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === made) return;
  await run('vite', 'build');
  // As Pages itself does when they are published.
  await run('wrangler', 'pages', 'functions', 'build', 'functions', '--outdir', 'generated/functions');
  writeFileSync(STAMP, made);
}

/** What is built is what is released, whoever builds it: tests too. */
async function run(command: string, ...args: string[]): Promise<void> {
  await promisify(execFile)(command, args, { cwd: FOLDER, env: { ...process.env, NODE_ENV: 'production' } });
}

function isMine(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
  // Whoever held it was killed.
  if (holder > 0 && !isAlive(holder)) rmSync(LOCK, { force: true });
  return false;
}

function fingerprint(api: string): string {
  const hash = createHash('sha256').update(api).update(readFileSync(PACKAGES));
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)))
    .filter((path) => !SKIPPED.test(path))
    .sort();
  for (const path of files) hash.update(path).update(readFileSync(join(FOLDER, path)));
  return hash.digest('hex');
}

if (import.meta.main) await buildDashboard();
