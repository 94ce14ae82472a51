import { and, type SQL, sql } from 'drizzle-orm';
import { PROFILE_FIELDS } from '../domain/residence.ts';
import type { Home, Template } from '../domain/template.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { actorId, type Who } from './who.ts';

/** A template aliased `t` as the `json` that is answered; `Template` in domain/template.ts is its shape. */
const templateJson = sql`(select row_to_json(x) from (select t.id, t.title, t.description, t.category_id,
  row_to_json(c) as category, t.frequency_id, row_to_json(f) as frequency, t.tags, t.conditions) x)`;

/** The templates that are offered, with what `templateJson` needs; sorted by their bytes, as suggestions are. */
const offered = (which?: SQL): SQL => sql`
  from task_tasktemplate t
  left join task_taskcategory c on c.id = t.category_id left join task_taskfrequency f on f.id = t.frequency_id
  where ${and(sql`t.is_active`, which)}`;
const words = sql`concat_ws(' ', t.title, t.description, array_to_string(t.tags, ' '))`;
const byTitle = sql`t.title collate "C", t.id`;

export const readTemplate = (db: Db, id: number, known: string[]) =>
  statement<Answered>(
    db,
    tagged(sql`select ${templateJson} as json, t.row_version ${offered(sql`t.id = ${id}`)}`, known, true),
  );

/** Where a page of templates ended. */
type TemplateCursor = [title: string, id: number];

type TemplatesQuery = {
  /** Part of the title, the description or a tag. */
  search: string | null;
  /** The name of a category, or its id as text. */
  category: string | null;
  category_id: number | null;
  limit: number;
  after: TemplateCursor | null;
};

/** By title, a page at a time. */
export function readTemplates(db: Db, query: TemplatesQuery, known: string[]) {
  const { search, category, category_id, limit, after } = query;
  const which = and(
    after === null ? undefined : sql`(t.title collate "C", t.id) > (${after[0]}::text, ${after[1]}::bigint)`,
    search === null ? undefined : sql`strpos(lower(${words}), lower(${search})) > 0`,
    category === null ? undefined : sql`(c.id::text = ${category} or lower(c.name) = lower(${category}))`,
    category_id === null ? undefined : sql`c.id = ${category_id}`,
  );
  return statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select t.id, t.title, ${templateJson} as json, row_number() over (order by ${byTitle}) as rank ${offered(which)}
        order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(json order by rank) from paged where rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.title, t.id)`, limit)})) as json`,
      known,
    ),
  );
}

/** All of them under their categories, those without one last. */
export const readTemplatesGrouped = (db: Db, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with grouped as (
        select c.id, c.display_order, row_to_json(c) as category, json_agg(${templateJson} order by ${byTitle}) as templates
        ${offered()} group by c.id
      )
      select coalesce(json_agg(json_build_object('category', category, 'templates', templates)
        order by display_order nulls last), '[]') as json from grouped`,
      known,
    ),
  );

/** What suggestions ask of a home aliased `r`. */
export const homeFields = sql.raw(
  [...PROFILE_FIELDS, 'property_type_id', 'climate_region'].map((field) => `r.${field}`).join(', '),
);

/** All that are offered, whatever a home has of them. */
export const templatesOffered = sql`(select coalesce(json_agg(${templateJson}), '[]') ${offered()})`;

export type Suggestible = { home: Home; templates: Template[] };

/** A home as suggestions see it, and the templates from which it has no task that is still in use. */
export const findSuggestible = (db: Db, who: Who, residence_id: number) =>
  statement<{ found: Suggestible }>(
    db,
    sql`select json_build_object('home', (select row_to_json(x) from (select ${homeFields}) x), 'templates', (
            select coalesce(json_agg(${templateJson}), '[]') ${offered(sql`not exists (
              select from task_task k where k.residence_id = r.id and k.template_id = t.id
                and not k.is_cancelled and not k.is_archived)`)})) as found
        from residence_residence r
        join hd_membership m on m.residence_id = r.id and m.user_id = ${actorId(who)} where r.id = ${residence_id}`,
  );
