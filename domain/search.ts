import * as z from 'zod';
import { line } from './fields.ts';
import { PageQuery, page } from './page.ts';

const MAX_QUERY = 200;
/** What is said beyond so many words and phrases is not looked for. */
const MAX_PARTS = 16;

export const SearchType = z.enum(['document', 'task', 'contractor']);
export type SearchType = z.infer<typeof SearchType>;

const q = line(MAX_QUERY, 1).describe('Words, of which each may be a beginning; in quotation marks as they stand');
const listed = new RegExp(`^(${SearchType.options.join('|')})(,(${SearchType.options.join('|')}))*$`);

export const SearchQuery = PageQuery.extend({
  q,
  types: z.string().max(100).regex(listed).optional().describe('Some of document, task and contractor, with commas'),
});
export const DocumentSearchQuery = PageQuery.omit({ cursor: true }).extend({ q });

export const readTypes = (types: string | undefined): SearchType[] =>
  SearchType.options.filter((type) => types === undefined || types.split(',').includes(type));

const Score = z.number().min(0).max(1);
/** Where a page ended. */
export const SearchCursor = z.tuple([Score, SearchType, z.int()]);
export type SearchCursor = z.infer<typeof SearchCursor>;

const found = {
  ranking_score: Score,
  highlight: z.string().describe('HTML: text that is escaped, with what was found between <mark> and </mark>'),
};
const asked = {
  query: z.string(),
  total: z.int().describe('Of these types, on all pages'),
  processing_time_ms: z.int().describe('In the database; no part of the validator'),
};

export const SearchResults = page(
  z.object({
    type: SearchType,
    id: z.int(),
    title: z.string().describe('As it is: not HTML'),
    residence_id: z.int().nullable().describe('Null: a personal contractor'),
    ...found,
    found_in: z.enum(['title', 'names', 'notes', 'text']).describe('What is highlighted; text: inside a file'),
  }),
)
  .extend({ ...asked, facets: z.record(SearchType, z.int()).describe('How many of each type, whatever types says') })
  .meta({ id: 'SearchResults' });

export const DocumentSearchResults = z
  .object({
    results: z.array(
      z.object({
        id: z.int(),
        filename: z.string().nullable().describe('Of its first file; null if there is none, or it has no name'),
        document_type: z.string(),
        storage_path: z.string().nullable().describe('Where its first file is read, with a token'),
        ...found,
      }),
    ),
    ...asked,
  })
  .meta({ id: 'DocumentSearchResults' });

/** Words are looked for one by one, what is between quotation marks as it stands. A mark that nothing closes says nothing. */
export type Part = { text: string; is_phrase: boolean };

export function partsOf(query: string): Part[] {
  const parts = [...query.normalize('NFKC').matchAll(/["“”„«»]([^"“”„«»]+)["“”„«»]|[^\s"“”„«»]+/g)].map(
    ([text, phrase]) => ({ text: phrase ?? text, is_phrase: phrase !== undefined }),
  );
  return parts.slice(0, MAX_PARTS);
}
