import { type Answered, tagValue } from '../../db/answer.ts';
import { findFeeds } from '../../db/calendars.ts';
import { ask } from '../ask.ts';
import type { Context } from '../ports.ts';
import { signFeed } from './sign.ts';

/** The caller's feeds. Their addresses are signed here, and so is the validator made here. */
export async function listFeeds(ctx: Context, page: { limit: number; after: number | null }): Promise<Answered> {
  const [row] = await ask<[{ found: Found }]>(ctx, findFeeds(ctx.db, ctx.who, page));
  const { results = [], next_cursor = null } = row?.found ?? {};
  const feeds = await Promise.all(results.map((feed) => signFeed(feed, ctx.settings)));
  return tagValue({ results: feeds, next_cursor }, ctx.known);
}

type Found = Awaited<ReturnType<typeof findFeeds>>['rows'][number]['found'];
