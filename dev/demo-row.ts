import type { Client } from 'pg';

type Row = Record<string, string | number | boolean | null>;

/** Adds a row; answers its id. */
export async function insert(client: Client, table: string, row: Row): Promise<number> {
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  const { rows } = await client.query(
    `insert into ${table} (${Object.keys(row).join(', ')}) values (${places.join(', ')}) returning id::int`,
    Object.values(row),
  );
  return rows[0].id;
}

/** The id of a look-up. */
export function idOf(listed: { id: number; name: string }[], name: string): number {
  const found = listed.find((row) => row.name === name);
  if (!found) throw new Error(`There is no ${name} in the static data.`);
  return found.id;
}
