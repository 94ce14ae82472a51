import { type Context, Hono } from 'hono';
import type { Answered } from '../../db/answer.ts';
import { readSearch, searchDocuments } from '../../db/search.ts';
import { readCursor } from '../../domain/page.ts';
import {
  DocumentSearchQuery,
  DocumentSearchResults,
  readTypes,
  SearchCursor,
  SearchQuery,
  SearchResults,
} from '../../domain/search.ts';
import { read } from '../../usecases/ask.ts';
import { sendRead } from '../http/answer.ts';
import { endpoint, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const search = new Hono<AppEnv>({ strict: false });

search.get(
  '/search',
  endpoint('Search the documents, tasks and contractors of your homes', { 200: SearchResults }),
  query(SearchQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { q, types, limit, cursor } = c.req.valid('query');
    const asked = { q, types: readTypes(types), limit, after: readCursor(SearchCursor, cursor) };
    return sendTimed(c, await read(c.var.ctx, readSearch(db, who, asked, known)));
  },
);

search.get(
  '/documents/search',
  endpoint('Search your documents', { 200: DocumentSearchResults }),
  query(DocumentSearchQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    return sendTimed(c, await read(c.var.ctx, searchDocuments(db, who, c.req.valid('query'), known)));
  },
);

/** Adds how long it took after the validator was made: the same findings are the same answer. */
function sendTimed(c: Context<AppEnv>, { body, etag }: Answered): Response {
  const took = `,"processing_time_ms":${Math.round(c.var.ctx.meter.db_ms)}}`;
  return sendRead(c, { body: body && body.slice(0, -1) + took, etag });
}
