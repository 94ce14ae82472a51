import * as z from 'zod';
import { Document, DocumentType } from '../document.ts';
import { flag, idFilter, searchQuery } from './list.ts';

const at = z.iso.datetime();

export const DocumentRow = z
  .object({
    id: z.int(),
    residence_id: z.int(),
    title: z.string(),
    document_type: DocumentType,
    category: z.string().nullable(),
    ends_on: z.iso.date().nullable(),
    is_active: z.boolean(),
    file_count: z.int(),
    created_by_id: z.int().nullable(),
    created_at: at,
  })
  .meta({ id: 'AdminDocumentRow' });

export const DocumentsQuery = searchQuery(['-id', 'id'], {
  residence_id: idFilter(),
  document_type: DocumentType.optional(),
  is_active: flag(),
});
export type DocumentsQuery = z.infer<typeof DocumentsQuery>;

/** What became of a file on its way in. */
const FileState = z.object({
  id: z.int(),
  uploaded_by_id: z.int().nullable(),
  prepared_at: at.nullable(),
  prepare_error: z.string().nullable(),
  text_error: z.string().nullable(),
});

/** Its files are read under `/api/admin/media/`. */
export const AdminDocument = Document.extend({ file_states: z.array(FileState) }).meta({ id: 'AdminDocument' });
