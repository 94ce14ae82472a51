import { eq, type SQL, sql } from 'drizzle-orm';
import type { NewTemplate, TemplateChange, TemplatesQuery } from '../../domain/admin/template.ts';
import { type Db, statement } from '../client.ts';
import { templates as table } from '../schema/templates.ts';
import { homeFields, type Suggestible, templatesOffered } from '../templates.ts';
import { byId, rowOf, type Source } from './list.ts';

/** `AdminTemplate` in domain/admin/template.ts is the shape of a row. */
export const templates: Source<TemplatesQuery> = {
  from: sql`task_tasktemplate`,
  row: sql`t.id, t.title, t.description, t.category_id, t.frequency_id, t.tags, t.conditions, t.is_active,
    hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at`,
  sorts: { title: { by: sql`t.title collate "C"`, kind: 'text' }, ...byId },
  search: (pattern) => sql`concat_ws(' ', t.title, t.description, array_to_string(t.tags, ' ')) ilike ${pattern}`,
  filters: {
    is_active: (is) => sql`t.is_active = ${is}::boolean`,
    category_id: (id) => sql`t.category_id = ${id}`,
  },
};

export const oneTemplate = (id: number | SQL): SQL => rowOf(templates, id);

export const addTemplate = (db: Db, template: NewTemplate) => db.insert(table).values(template);
export const addedTemplate: SQL = oneTemplate(sql`currval('task_tasktemplate_id_seq')`);

export const updateTemplate = (db: Db, id: number, change: TemplateChange) =>
  db.update(table).set(change).where(eq(table.id, id));

/** A home to try suggestions on, if one is named, and every template that is offered. */
export const findPreview = (db: Db, residence_id: number | null) =>
  statement<{ found: { home: Suggestible['home'] | null; templates: Suggestible['templates'] } }>(
    db,
    sql`select json_build_object(
          'home', (select row_to_json(x) from (select ${homeFields} from residence_residence r where r.id = ${residence_id}) x),
          'templates', ${templatesOffered}) as found`,
  );
