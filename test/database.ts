import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { Client } from 'pg';
import { inject } from 'vitest';

/** The superuser's connection string for a database of the tests' server. */
export const ownerUrl = (database: string): string => `postgresql://honeydue_owner:owner@${host()}/${database}`;

/** The connection string that the API uses. */
export const appUrl = (database: string): string => `postgresql://honeydue_app:app@${host()}/${database}`;

const host = () => `127.0.0.1:${inject('postgresPort')}`;

export type TestDatabase = { name: string; drop(): Promise<void> };

/** Makes an empty database (or a copy of `template`). */
export async function createDatabase(template = 'template1'): Promise<TestDatabase> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  // Copying files is twice as fast as logging every page, on a server whose data nobody keeps.
  await asOwner(`create database ${name} template ${template} strategy file_copy`);
  return { name, drop: () => asOwner(`drop database if exists ${name} with (force)`) };
}

/** Makes a database with every migration in it. */
export const createHoneydueDatabase = (): Promise<TestDatabase> => createDatabase('honeydue');

let owner: Promise<Client> | undefined;

/** By one connection for all tests of a file: a new one takes PostgreSQL a third as long as making the database does. */
async function asOwner(statement: string): Promise<void> {
  owner ??= connected();
  await (await owner).query(statement);
}

async function connected(): Promise<Client> {
  const client = new Client({ connectionString: ownerUrl('postgres') });
  // The server ends before the last of those who ask it.
  client.on('error', () => {
    owner = undefined;
  });
  await client.connect();
  (client.connection.stream as Socket).unref();
  return client;
}
