import { sql } from 'drizzle-orm';
import { invalid } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';
import { ownAddress } from '../../domain/subscription.ts';
import type { Change } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Where Stripe sends the customer afterwards: to nobody but us. */
export function returnTo({ settings }: Context, field: string, address: string): string {
  const own = ownAddress(address, [...settings.cors_origins, new URL(settings.public_url).origin]);
  if (own === null) throw invalid(field, 'Must lead to our own site or app.');
  return own;
}

/** What Stripe knows a repeated request by: the same key and the same question is the same page. */
export const requestKey = ({ key }: Context, question: object): string =>
  sha256(JSON.stringify([key?.key ?? crypto.randomUUID(), question]));

/** Nothing of ours changes; that the page was given out is kept, and the answer with its key. */
export const pageOpened = (user_id: number, url: string): Change => ({
  guard: { residence_id: null },
  changes: [],
  event: { type: 'subscription.page_opened', user_id },
  status: 200,
  answer: sql`select ${JSON.stringify({ url })}::text as body, null::text as etag`,
});
