import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

/** The superuser's connection string for a database of the tests' server. */
export const ownerUrl = (database: string): string =>
  `postgresql://honeydue_owner:owner@127.0.0.1:${inject('postgresPort')}/${database}`;

/** Makes an empty database (or a copy of `template`); answers its name and how to drop it. */
export async function createDatabase(template = 'template1'): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await asOwner(`create database ${name} template ${template}`);
  return { name, drop: () => asOwner(`drop database if exists ${name} with (force)`) };
}

async function asOwner(statement: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl('postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
