import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase, ownerUrl } from './database.ts';

test('a database of its own', async () => {
  const { name, drop } = await createDatabase();
  const client = new Client({ connectionString: ownerUrl(name) });
  await client.connect();
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  await drop();
});
