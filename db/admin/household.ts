import { type SQL, sql } from 'drizzle-orm';
import type { ContractorsQuery } from '../../domain/admin/contractor.ts';
import type { DocumentsQuery } from '../../domain/admin/document.ts';
import { contractorJson } from '../contractors.ts';
import { documentJson } from '../documents.ts';
import type { Who } from '../who.ts';
import { byId, type Source } from './list.ts';
import { forAdmins } from './tasks.ts';

/** `ContractorRow` in domain/admin/contractor.ts is the shape of a row. */
export const contractors: Source<ContractorsQuery> = {
  from: sql`task_contractor`,
  row: sql`t.id, t.name, t.company, t.phone, t.email, t.residence_id, t.owner_id, t.is_favorite, t.rating,
    hd_moment(t.created_at) as created_at`,
  sorts: byId,
  search: (pattern) => sql`(t.name || ' ' || coalesce(t.company, '')) ilike ${pattern}`,
  filters: {
    residence_id: (id) => sql`t.residence_id = ${id}`,
    owner_id: (id) => sql`t.owner_id = ${id}`,
    is_favorite: (is) => sql`t.is_favorite = ${is}::boolean`,
  },
};

/** `AdminContractor` in domain/admin/contractor.ts is its shape. */
export const oneContractor = (id: number): SQL => sql`
  select (${contractorJson}::jsonb || jsonb_build_object('owner_id', t.owner_id))::json as json from task_contractor t where t.id = ${id}`;

/** `DocumentRow` in domain/admin/document.ts is the shape of a row. */
export const documents: Source<DocumentsQuery> = {
  from: sql`task_document`,
  row: sql`t.id, t.residence_id, t.title, t.document_type, t.category, t.ends_on, t.is_active,
    (select count(*) from task_documentimage f where f.document_id = t.id) as file_count, t.created_by_id,
    hd_moment(t.created_at) as created_at`,
  sorts: byId,
  search: (pattern) => sql`t.title ilike ${pattern}`,
  filters: {
    residence_id: (id) => sql`t.residence_id = ${id}`,
    document_type: (type) => sql`t.document_type = ${type}`,
    is_active: (is) => sql`t.is_active = ${is}::boolean`,
  },
};

/** `AdminDocument` in domain/admin/document.ts is its shape; days are counted in UTC. */
export const oneDocument = (id: number, now: string): SQL => {
  const who: Who = { digest: '', user_id: 0, zone: 'UTC', now };
  return sql`
    select (${forAdmins(documentJson(who))}::jsonb || jsonb_build_object('file_states', (
      select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'uploaded_by_id', f.uploaded_by_id,
        'prepared_at', hd_moment(f.prepared_at), 'prepare_error', f.prepare_error, 'text_error', f.text_error) order by f.id), '[]')
      from task_documentimage f where f.document_id = t.id)))::json as json
    from task_document t where t.id = ${id}`;
};
