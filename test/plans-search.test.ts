import { expect } from 'vitest';
import { readSearch, searchDocuments } from '../db/search.ts';
import { renewVocabularies } from '../db/vocabularies.ts';
import { SearchType } from '../domain/search.ts';
import { fillOf, indexOf } from './bench/search-fill.ts';
import { NOW, test } from './home.ts';

const HOMES = 500;
const DOCUMENTS = 50_000;
/** What a home holds: papers, tasks, contractors. */
const EACH = (DOCUMENTS / HOMES) * 1.12;
const TABLES = [
  'search_entry',
  'search_vocabulary',
  'task_document',
  'task_documentimage',
  'task_task',
  'task_contractor',
  'auth_user',
];

type Node = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
};
const parts = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(parts)];
const looked = (node: Node): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];

test('a search looks at the entries of the caller’s homes, by their index, and at nobody else’s', async ({ world }) => {
  await world.rows(fillOf(HOMES, DOCUMENTS));
  await world.rows(indexOf(DOCUMENTS));
  await world.rows('analyze');
  const { db } = world.ports;
  for (const [user, homes] of [
    [10, 1],
    [19, 10],
  ] as const) {
    const who = { digest: `digest${user}`, zone: null, now: NOW };
    for (const q of ['dishwasher', 'wa', '"water heater"', 'dishwahser furnase', 'qqqqqq']) {
      const asked = { q, types: SearchType.options, limit: 50, after: null };
      for (const query of [readSearch(db, who, asked, []), searchDocuments(db, who, { q, limit: 50 }, [])]) {
        const { sql, params } = query.getQuery();
        const [explained] = await world.rows(`explain (analyze, format json) ${sql}`, params);
        const scans = parts(explained['QUERY PLAN'][0].Plan).filter((part) =>
          TABLES.includes(part['Relation Name'] ?? ''),
        );
        expect(scans.filter((scan) => scan['Relation Name'] === 'search_entry').length, q).toBeGreaterThan(0);
        for (const scan of scans) {
          const what = `${q}: ${scan['Node Type']} of ${scan['Relation Name']}`;
          if (scan['Relation Name'] === 'search_vocabulary') continue;
          expect(scan['Node Type'], what).not.toBe('Seq Scan');
          expect(looked(scan), what).toBeLessThanOrEqual((homes + 1) * EACH);
        }
      }
    }
  }
  expect((await renewVocabularies(db, 10)).rows).toEqual([{ renewed: 0 }]);
}, 60_000);
