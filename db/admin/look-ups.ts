import { type SQL, sql } from 'drizzle-orm';
import type { LookUpChange, LookUpKind, LookUpsQuery, NewLookUp } from '../../domain/admin/look-up.ts';
import { type Db, statement } from '../client.ts';
import { rowOf, type Source } from './list.ts';

/** Each table, what it has besides the name, and where its ids are used. */
const TABLES: Record<LookUpKind, { table: string; columns: string[]; uses: [table: string, column: string][] }> = {
  'residence-types': {
    table: 'residence_residencetype',
    columns: ['color', 'icon'],
    uses: [['residence_residence', 'property_type_id']],
  },
  'task-categories': {
    table: 'task_taskcategory',
    columns: ['color', 'icon'],
    uses: [
      ['task_task', 'category_id'],
      ['task_tasktemplate', 'category_id'],
    ],
  },
  'task-priorities': {
    table: 'task_taskpriority',
    columns: ['level', 'color', 'icon'],
    uses: [['task_task', 'priority_id']],
  },
  'task-frequencies': {
    table: 'task_taskfrequency',
    columns: ['interval', 'unit', 'days'],
    uses: [
      ['task_task', 'frequency_id'],
      ['task_tasktemplate', 'frequency_id'],
    ],
  },
  'contractor-specialties': {
    table: 'task_contractorspecialty',
    columns: ['color', 'icon'],
    uses: [['task_contractor_specialties', 'specialty_id']],
  },
};

const name = (word: string): SQL => sql.raw(`"${word}"`);

const isUsed = (kind: LookUpKind): SQL =>
  sql.join(
    TABLES[kind].uses.map(
      ([table, column]) => sql`exists (select from ${name(table)} u where u.${name(column)} = t.id)`,
    ),
    sql` or `,
  );

const rowFor = (kind: LookUpKind): SQL => {
  const columns = ['id', 'name', 'display_order', ...TABLES[kind].columns].map((column) => sql`t.${name(column)}`);
  return sql`${sql.join(columns, sql`, `)}, (${isUsed(kind)}) as is_used`;
};

/** `AdminLookUp` in domain/admin/look-up.ts is the shape of a row. */
export const lookUpsOf = (kind: LookUpKind): Source<LookUpsQuery> => ({
  from: name(TABLES[kind].table),
  row: rowFor(kind),
  sorts: {
    id: { by: sql`t.id`, kind: 'number' },
    display_order: { by: sql`t.display_order`, kind: 'number' },
  },
  filters: {},
});

export const oneLookUp = (kind: LookUpKind, id: number | SQL): SQL =>
  rowOf({ from: name(TABLES[kind].table), row: rowFor(kind) }, id);

/** What was given of what the table has; null for what it has and was not given. */
const valuesOf = (kind: LookUpKind, given: LookUpChange): [string, unknown][] => {
  const all: Record<string, unknown> = given;
  return ['name', 'display_order', ...TABLES[kind].columns].flatMap((column) =>
    all[column] === undefined ? [] : [[column, all[column]] as [string, unknown]],
  );
};

/** Behind the last one, unless it is said where. The look-up tables have no sequence: their ids are known to the apps. */
export function addLookUp(db: Db, kind: LookUpKind, given: NewLookUp) {
  const table = name(TABLES[kind].table);
  const { level = 0, ...rest } = given;
  const row = { ...rest, ...(kind === 'task-priorities' && { level }) };
  const values = valuesOf(kind, row).filter(([column]) => column !== 'display_order');
  return statement<{ id: number }>(
    db,
    sql`insert into ${table} (id, display_order, ${sql.join(
      values.map(([column]) => name(column)),
      sql`, `,
    )})
        select coalesce(max(id), 0) + 1, coalesce(${given.display_order ?? null}::int, max(display_order) + 1, 1),
          ${sql.join(
            values.map(([column, value]) => typed(column, value)),
            sql`, `,
          )} from ${table}`,
  );
}

const typed = (column: string, value: unknown): SQL =>
  ['level', 'interval', 'days'].includes(column) ? sql`${value}::int` : sql`${value}::text`;

/** The one with the highest id: what this batch has just added. */
export const newestLookUp = (kind: LookUpKind): SQL =>
  oneLookUp(kind, sql`(select max(id) from ${name(TABLES[kind].table)})`);

export function updateLookUp(db: Db, kind: LookUpKind, id: number, change: LookUpChange) {
  const values = valuesOf(kind, change);
  const sets = values.map(([column, value]) => sql`${name(column)} = ${value}`);
  return statement(
    db,
    sql`update ${name(TABLES[kind].table)} set ${sql.join([...sets, sql`id = id`], sql`, `)} where id = ${id}`,
  );
}

/** What is used stays; against a race the foreign keys say so. */
export const deleteLookUp = (db: Db, kind: LookUpKind, id: number) =>
  statement<{ id: number }>(
    db,
    sql`delete from ${name(TABLES[kind].table)} t where t.id = ${id} and not (${isUsed(kind)}) returning t.id`,
  );
