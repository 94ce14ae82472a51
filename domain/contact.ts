import * as z from 'zod';
import { line } from './fields.ts';
import { newToken } from './session.ts';

/** What somebody writes to us on a public page. */
export const NewContactMessage = z
  .object({
    name: line(100, 1),
    email: line(254).pipe(z.email('Must be an e-mail address.')),
    message: line(1000, 1),
    turnstile_token: z.string().max(2048).optional().describe('Of Cloudflare Turnstile, where the page asks for it'),
    leave_empty: z
      .literal('', 'Must stay empty.')
      .optional()
      .describe('A field that people do not see and robots fill'),
  })
  .meta({ id: 'NewContactMessage' });
export type NewContactMessage = z.infer<typeof NewContactMessage>;

export const ContactReceived = z
  .object({ id: z.int(), status: z.literal('success'), message: z.string().describe('A sentence for people') })
  .meta({ id: 'ContactReceived' });
export type ContactReceived = z.infer<typeof ContactReceived>;

/** Whether somebody who says so with this token is no robot. */
export type IsHuman = (token: string, address: string) => Promise<boolean>;

/** 256 random bits that begin otherwise than a token of a session. */
export const newContactKey = (): string => newToken().replace('hd_', 'hdc_');

/** The network that an address is of: whoever has one has the others, and it says less of a person. */
export function networkOf(address: string): string {
  const [four] = address.match(/\d+\.\d+\.\d+(?=\.\d+$)/) ?? [];
  if (four) return `${four}.0/24`;
  const groups = (address.split('::')[0] ?? '').split(':').slice(0, 3);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '').toLowerCase()).join(':')}::/48`;
}
