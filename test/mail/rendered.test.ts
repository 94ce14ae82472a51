import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { renderMails } from '../../dev/build-mails.ts';
import { dailyDigest } from '../../domain/mails/household.ts';
import { householdLetters, letters, NAMES, STOP, TODAY } from './letters.ts';

const KIB = 1024;
const GMAIL_CUTS_AFTER = 102 * KIB;

test('the parts of the mails are those that mails/ renders now', async () => {
  expect(readFileSync('domain/mails/rendered.ts', 'utf8')).toBe(await renderMails());
});

test('all mails together are small to the Worker', async () => {
  const { metafile } = await build({
    stdin: {
      contents: `export * from './domain/mails/account.ts'; export * from './domain/mails/household.ts';`,
      resolveDir: '.',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const sizes = Object.entries(output?.inputs ?? {}).filter(([path]) => path.startsWith('domain/mails/'));
  expect(sizes.map(([path]) => path)).toContain('domain/mails/rendered.ts');
  expect(sizes.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)).toBeLessThan(20 * KIB);
});

test('each mail is small to who reads it', () => {
  for (const [name, { html }] of [...letters({ code: '049731', username: 'jane' }), ...householdLetters(NAMES)]) {
    expect(Buffer.byteLength(html), name).toBeLessThan((name === 'daily digest' ? 12 : 5) * KIB);
  }
});

test('a digest of ten full homes is shown whole', () => {
  const tasks = Array.from({ length: 40 }, () => ({ title: 't'.repeat(200), effective_date: TODAY }));
  const column = { count: 40, tasks };
  const home = {
    name: 'h'.repeat(200),
    columns: [
      { name: 'overdue_tasks' as const, ...column },
      { name: 'due_soon_tasks' as const, ...column },
    ],
  };
  const residences = Array.from({ length: 10 }, () => home);
  const { html } = dailyDigest({
    today: TODAY,
    residences,
    app_url: 'https://honeydue.example/',
    unsubscribe_url: STOP,
  });
  expect(Buffer.byteLength(html)).toBeLessThan(GMAIL_CUTS_AFTER);
});
