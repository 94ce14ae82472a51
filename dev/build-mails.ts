import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Parts = { renderParts(): Promise<Record<string, { html: string; text: string }>> };

/** The module of strings that the Worker has instead of react-email, whose renderer alone is larger than all of it. */
export async function renderMails(): Promise<string> {
  const { renderParts } = await loadParts();
  const consts = Object.entries(await renderParts()).map(
    ([name, { html, text }]) =>
      `export const ${name} = {\n  html: ${literal(html)},\n  text: ${literal(text)},\n} as const;\n`,
  );
  return ['// Made from mails/ by `npm run mails`, not by hand.\n', ...consts].join('\n');
}

/** Node reads TypeScript but no JSX. The bundle lies in the tree for a moment, where it finds the packages it imports. */
async function loadParts(): Promise<Parts> {
  const outfile = join(ROOT, '.build', `mails-${process.pid}.mjs`);
  const entry = join(ROOT, 'mails', 'parts.tsx');
  await build({ entryPoints: [entry], outfile, bundle: true, packages: 'external', format: 'esm', jsx: 'automatic' });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

const literal = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')}'`;

if (import.meta.main) writeFileSync(join(ROOT, 'domain', 'mails', 'rendered.ts'), await renderMails());
