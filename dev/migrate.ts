import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';

/** Any number will do, as long as every release of honeyDue uses the same. */
const MIGRATION_LOCK = 7_216_490_331;

/** Applies what is missing in one transaction, one release at a time. Wants the owner, over a direct connection. */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle({ client }), { migrationsFolder: new URL('../migrations', import.meta.url).pathname });
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  const url = process.env.MIGRATE_DATABASE_URL;
  if (!url) {
    console.error('MIGRATE_DATABASE_URL is missing: the owner’s connection string, direct and not through the pooler.');
    process.exit(1);
  }
  await migrateDatabase(url);
  console.log('The database is up to date.');
}
