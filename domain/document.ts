import * as z from 'zod';
import { invalid } from './errors.ts';
import { civilDate, id, line, text, withoutDefaults } from './fields.ts';
import { fileFault } from './file-fault.ts';

const MAX_TAGS = 20;
/** Of one request; a document may have more. */
const MAX_FILES = 20;

export const DocumentType = z.enum([
  'warranty',
  'manual',
  'receipt',
  'inspection',
  'insurance',
  'permit',
  'photo',
  'other',
]);
export type DocumentType = z.infer<typeof DocumentType>;

/** What apps offer. A family may have a word of its own. */
export const DOCUMENT_CATEGORIES = [
  'appliance',
  'electronics',
  'exterior',
  'furniture',
  'hvac',
  'plumbing',
  'electrical',
  'roof',
  'financial',
  'legal',
  'other',
];

const words = (max: number) => line(max).nullable().default(null);
const date = () => civilDate().nullable().default(null);

const editable = {
  title: line(200, 1),
  description: text(5000).nullable().default(null),
  document_type: DocumentType,
  category: words(100).describe('One that static data offers, or another'),
  task_id: id().nullable().default(null).describe('Of the same home'),
  contractor_id: id().nullable().default(null).describe('Of the same home'),
  notes: text(5000).nullable().default(null),
  tags: z.array(line(50, 1)).max(MAX_TAGS).default([]),
  item_name: words(200).describe('What a warranty is for'),
  model_number: words(100),
  serial_number: words(100),
  provider: words(200),
  provider_contact: words(200),
  purchase_date: date(),
  starts_on: date(),
  ends_on: date().describe('The last day'),
};

const upload_ids = z
  .array(id())
  .max(MAX_FILES)
  .refine((ids) => new Set(ids).size === ids.length, 'Must not name an upload twice.')
  .default([])
  .describe('Files to add, uploaded before by whoever writes');

export const NewDocument = z.object({ residence_id: id(), ...editable, upload_ids }).meta({ id: 'NewDocument' });
export type NewDocument = z.infer<typeof NewDocument>;

const residence_id = id().optional().describe('A document stays in its home');

/** PUT replaces: what is absent goes back to its default. Files are only added; each is deleted by its own address. */
export const DocumentReplacement = z
  .object({ residence_id, ...editable, upload_ids })
  .meta({ id: 'DocumentReplacement' });

/** PATCH changes only what is sent. */
export const DocumentChange = z
  .object({ residence_id, ...withoutDefaults({ ...editable, upload_ids }) })
  .partial()
  .meta({ id: 'DocumentChange' });
export type DocumentChange = z.infer<typeof DocumentChange>;

type Period = { starts_on: string | null; ends_on: string | null };

export function refuseEndBeforeStart({ starts_on, ends_on }: Period): void {
  if (starts_on !== null && ends_on !== null && ends_on < starts_on) {
    throw invalid('ends_on', 'Must not be before `starts_on`.');
  }
}

const DocumentFile = z
  .object({
    id: z.int(),
    filename: z.string(),
    content_type: z.string(),
    size: z.int(),
    url: z.string(),
    thumbnail_url: z.string().nullable(),
    sha256: z.string().nullable().describe('In hex; null until somebody has read the file'),
    text_status: z.enum(['none', 'pending', 'done', 'failed']).describe('Of the text in it, for search'),
    fault: fileFault(),
  })
  .meta({ id: 'DocumentFile' });

export const Document = z
  .object({
    id: z.int(),
    residence_id: z.int(),
    ...withoutDefaults(editable),
    is_active: z.boolean(),
    days_until_expiry: z.int().nullable().describe('From your today; negative once it is over'),
    files: z.array(DocumentFile),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Document' });
