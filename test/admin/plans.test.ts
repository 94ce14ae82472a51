import { PgDialect } from 'drizzle-orm/pg-core';
import { expect } from 'vitest';
import { byIndex, fillOf } from '../bench/admin-lists.ts';
import { test } from '../home.ts';
import { looked, parts } from '../plan.ts';

const ROWS = 20_000;
/** A page, and what some of its rows count of others. */
const MOST = 500;

test('a page of any list is found by an index, however long the list', async ({ world }) => {
  for (const statement of fillOf(ROWS).split(';\n')) await world.rows(statement);
  const dialect = new PgDialect();
  const complaints: string[] = [];
  for (const [name, query] of Object.entries(byIndex(ROWS))) {
    const { sql, params } = dialect.sqlToQuery(query);
    const [explained] = await world.rows(`explain (analyze, format json) ${sql}`, params);
    const scans = parts(explained['QUERY PLAN'][0].Plan).filter((part) => part['Relation Name']);
    expect(scans, name).not.toEqual([]);
    const rows = scans.reduce((sum, scan) => sum + looked(scan), 0);
    if (rows > MOST) complaints.push(`${name} looks at ${rows} rows`);
  }
  expect(complaints).toEqual([]);
}, 60_000);
