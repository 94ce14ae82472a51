import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { civil, id, ref, versioned } from './columns.ts';
import { storedFile } from './files.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

/** A paper of a home: what it says, and for a warranty from when until when it holds. */
export const documents = pgTable(
  'task_document',
  {
    id: id(),
    residence_id: ref()
      .notNull()
      .references(() => residences.id, { onDelete: 'cascade' }),
    created_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    title: text().notNull(),
    description: text(),
    document_type: text({
      enum: ['warranty', 'manual', 'receipt', 'inspection', 'insurance', 'permit', 'photo', 'other'],
    }).notNull(),
    category: text(),
    /** A task and a contractor of the same home; the migration makes both foreign keys over two columns. */
    task_id: ref(),
    contractor_id: ref(),
    notes: text(),
    tags: text().array().notNull().default(sql`'{}'`),
    is_active: boolean().notNull().default(true),
    item_name: text(),
    model_number: text(),
    serial_number: text(),
    provider: text(),
    provider_contact: text(),
    purchase_date: civil(),
    starts_on: civil(),
    ends_on: civil(),
    ...versioned(),
  },
  (t) => [
    index('task_document_residence_idx').on(t.residence_id, t.id),
    index('task_document_task_idx').on(t.task_id).where(sql`task_id is not null`),
    index('task_document_contractor_idx').on(t.contractor_id).where(sql`contractor_id is not null`),
    index('task_document_ends_idx').on(t.residence_id, t.ends_on).where(sql`ends_on is not null and is_active`),
    check('task_document_title', sql`char_length(title) between 1 and 200`),
    check(
      'task_document_type',
      sql`document_type in ('warranty', 'manual', 'receipt', 'inspection', 'insurance', 'permit', 'photo', 'other')`,
    ),
    check('task_document_dates', sql`starts_on <= ends_on`),
  ],
);

/** A file of a document, an image or not: the name is that of the data it takes over. */
export const documentFiles = pgTable(
  'task_documentimage',
  {
    id: id(),
    document_id: ref()
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    /** The document's, so that a deletion in cascade still knows its home. */
    residence_id: ref().notNull(),
    ...storedFile(),
    /** `none`: there is no text in a file of that type. */
    text_status: text({ enum: ['none', 'pending', 'done', 'failed'] })
      .notNull()
      .default('none'),
    /** What it says, for search. */
    text: text(),
    text_error: text(),
    ...versioned(),
  },
  (t) => [
    index('task_documentimage_document_idx').on(t.document_id, t.id),
    unique('task_documentimage_object_key_key').on(t.object_key),
    check('task_documentimage_text', sql`text_status in ('none', 'pending', 'done', 'failed')`),
  ],
);
