import { type Answered, tagValue } from '../../db/answer.ts';
import { findSuggestible, type Suggestible } from '../../db/templates.ts';
import { suggest } from '../../domain/template.ts';
import { ask, nothingHere } from '../ask.ts';
import type { Context } from '../ports.ts';

/** The templates that fit a home and that it has no task from, all on one page. */
export async function suggestTasks(ctx: Context, residence_id: number): Promise<Answered> {
  const [row] = await ask<[{ found: Suggestible }]>(ctx, findSuggestible(ctx.db, ctx.who, residence_id));
  if (!row) throw nothingHere();
  const { home, templates } = row.found;
  return tagValue({ results: suggest(templates, home), next_cursor: null }, ctx.known);
}
