import { sql } from 'drizzle-orm';
import { boolean, check, customType, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { ref } from './columns.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** What search finds, a row for each document, task and contractor. Triggers alone write it (migrations/0013). */
export const searchEntries = pgTable(
  'search_entry',
  {
    kind: text({ enum: ['document', 'task', 'contractor'] }).notNull(),
    entity_id: ref().notNull(),
    /** The home; of a personal contractor its owner, below zero. */
    scope: ref().notNull(),
    /** Title (A), names (B) and notes (C), each word as it is and as its stem. */
    head: tsvector().notNull(),
    /** What was read from its files. Apart, so that a search that the head answers does not fetch it. */
    body: tsvector(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.entity_id] }),
    index('search_entry_scope_idx').on(t.scope),
    check('search_entry_kind', sql`kind in ('document', 'task', 'contractor')`),
  ],
);

/** The words of a scope, for those who mistype one. A word that is gone may stay until the next hour. */
export const searchVocabularies = pgTable(
  'search_vocabulary',
  {
    scope: ref().primaryKey(),
    words: tsvector().notNull(),
    /** Something was taken out or changed since it was made. */
    is_stale: boolean().notNull().default(false),
  },
  (t) => [index('search_vocabulary_stale_idx').on(t.scope).where(sql`is_stale`)],
);
