import { type SQL, sql } from 'drizzle-orm';
import type { ReportCompletion, ReportContractor, ReportHome, ReportTask, ReportWarranty } from '../domain/report.ts';
import { type Db, statement } from './client.ts';

// Only the origin reads this: reports are made there alone.

/** A home that the user may see; nothing that a report is made of is found past it. */
const seen = (user_id: number, residence_id: number): SQL => sql`
  (select m.residence_id from hd_membership m where m.user_id = ${user_id} and m.residence_id = ${residence_id})`;

/** What people call a user `u`; null for somebody who has left for good. */
const nameOf = sql`coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username)`;

export const findReportHome = (db: Db, user_id: number, residence_id: number) =>
  statement<{ found: ReportHome }>(
    db,
    sql`select (select row_to_json(x) from (select r.name, k.name as property_type, r.street_address, r.apartment_unit, r.city,
          r.state_province, r.postal_code, r.country, r.bedrooms, r.bathrooms, r.square_footage, r.lot_size, r.year_built,
          r.heating_type, r.cooling_type, r.water_heater_type, r.roof_type, r.exterior_type, r.flooring_primary,
          r.landscaping_type, r.has_pool, r.has_sprinkler_system, r.has_septic, r.has_fireplace, r.has_garage,
          r.has_basement, r.has_attic) x) as found
        from residence_residence r left join residence_residencetype k on k.id = r.property_type_id
        where r.id = ${seen(user_id, residence_id)}`,
  );

/** A page in the order of ids. */
export const findReportTasks = (db: Db, user_id: number, residence_id: number, after: number, limit: number) =>
  statement<{ found: ReportTask }>(
    db,
    sql`select (select row_to_json(x) from (select t.id, t.title, t.frequency_id, t.custom_interval, t.custom_unit, t.schedule,
          t.in_progress, t.due_date, t.next_due_date, t.anchor_date, t.is_cancelled, t.is_archived, t.completion_count,
          hd_moment(t.last_completed_at) as last_completed_at, t.estimated_cost::text, c.name as category, p.name as priority,
          p.level, f.name as frequency, d.name as contractor,
          (select ${nameOf} from auth_user u where u.id = t.assigned_to_id) as assigned_to) x) as found
        from task_task t left join task_taskcategory c on c.id = t.category_id
        left join task_taskpriority p on p.id = t.priority_id left join task_taskfrequency f on f.id = t.frequency_id
        left join task_contractor d on d.id = t.contractor_id
        where t.residence_id = ${seen(user_id, residence_id)} and t.id > ${after} order by t.id limit ${limit}`,
  );

/** Where a page of completions begins: behind this one. */
export type After = { at: string; id: number } | null;

/** A page, the newest first. */
export const findReportCompletions = (db: Db, user_id: number, residence_id: number, after: After, limit: number) =>
  statement<{ found: ReportCompletion }>(
    db,
    sql`select (select row_to_json(x) from (select d.id, d.completed_at as at, hd_moment(d.completed_at) as completed_at, t.title,
          c.name as category, d.occurrence, d.actual_cost::text, d.rating, d.notes,
          (select ${nameOf} from auth_user u where u.id = d.completed_by_id) as completed_by) x) as found
        from task_taskcompletion d join task_task t on t.id = d.task_id left join task_taskcategory c on c.id = t.category_id
        where d.residence_id = ${seen(user_id, residence_id)}
          and (${after?.at ?? null}::timestamptz is null
            or (d.completed_at, d.id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::bigint))
        order by d.completed_at desc, d.id desc limit ${limit}`,
  );

export const findReportContractors = (db: Db, user_id: number, residence_id: number, limit: number) =>
  statement<{ found: ReportContractor }>(
    db,
    sql`select (select row_to_json(x) from (select c.name, c.company, c.phone, c.email, c.rating, c.is_favorite,
          (select string_agg(s.name, ', ' order by s.name) from task_contractor_specialties z
           join task_contractorspecialty s on s.id = z.specialty_id where z.contractor_id = c.id) as specialties) x) as found
        from task_contractor c where c.residence_id = ${seen(user_id, residence_id)}
        order by c.is_favorite desc, lower(c.name), c.id limit ${limit}`,
  );

/** Whatever ends on a day, and is in use. */
export const findReportWarranties = (db: Db, user_id: number, residence_id: number, limit: number) =>
  statement<{ found: ReportWarranty }>(
    db,
    sql`select (select row_to_json(x) from (select d.title, d.item_name, d.provider, d.provider_contact, d.model_number,
          d.serial_number, d.ends_on) x) as found
        from task_document d where d.residence_id = ${seen(user_id, residence_id)} and d.is_active
          and (d.document_type = 'warranty' or d.ends_on is not null)
        order by d.ends_on nulls last, d.id limit ${limit}`,
  );
