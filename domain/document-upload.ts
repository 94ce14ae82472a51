import * as z from 'zod';
import { DocumentType } from './document.ts';
import { line } from './fields.ts';

/** What a form says of the file that it sends. */
export const DocumentForm = z
  .object({
    document_type: DocumentType,
    residence_id: z.coerce.number().int().positive(),
    title: line(200, 1).optional().describe('Else the name of the file'),
  })
  .meta({ id: 'DocumentForm' });
export type DocumentForm = z.infer<typeof DocumentForm>;

/** The same with its file: its parts may come in any order. */
export const DocumentUpload = DocumentForm.extend({
  file: z.string().meta({ format: 'binary' }).describe('At most 50 MiB, and what its name and type say'),
}).meta({ id: 'DocumentUpload' });

export const UploadedDocument = z
  .object({
    id: z.int(),
    filename: z.string(),
    document_type: DocumentType,
    status: z.literal('uploaded'),
    storage_path: z.string().describe('Where the file was put; it is read by the `url` that the document names'),
  })
  .meta({ id: 'UploadedDocument' });
