import { readdirSync, readFileSync } from 'node:fs';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };

/** The statements that `npm run db:generate` would write: what db/schema says and no migration does. */
export async function findMissingStatements(): Promise<string[]> {
  const schema = new URL('../db/schema/', import.meta.url);
  const modules = readdirSync(schema)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => import(new URL(name, schema).href) as Promise<Record<string, unknown>>);
  const tables = Object.assign({}, ...(await Promise.all(modules)));
  return await generateMigration(lastSnapshot(), generateDrizzleJson(tables));
}

function lastSnapshot(): Parameters<typeof generateMigration>[0] {
  const index = String(journal.entries.length - 1).padStart(4, '0');
  return JSON.parse(readFileSync(new URL(`../migrations/meta/${index}_snapshot.json`, import.meta.url), 'utf8'));
}

if (import.meta.main) {
  const statements = await findMissingStatements();
  for (const statement of statements) console.error(statement);
  if (statements.length > 0) {
    console.error('db/schema is ahead of migrations/: npm run db:generate');
    process.exit(1);
  }
}
