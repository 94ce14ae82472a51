import * as z from 'zod';
import { line } from '../fields.ts';
import { flag, idFilter, listQuery, searchQuery } from './list.ts';

const at = z.iso.datetime();
const Status = z.enum(['new', 'answered', 'closed']);

export const ContactMessage = z
  .object({
    id: z.int(),
    name: z.string(),
    email: z.string(),
    message: z.string(),
    status: Status,
    api_key_id: z.int(),
    mailed_at: at.nullable(),
    created_at: at,
    updated_at: at,
  })
  .meta({ id: 'AdminContactMessage' });

export const ContactMessagesQuery = searchQuery(['-id', 'id'], { status: Status.optional(), api_key_id: idFilter() });
export type ContactMessagesQuery = z.infer<typeof ContactMessagesQuery>;

/** What lets a website hand in messages. */
export const ContactKey = z
  .object({
    id: z.int(),
    name: z.string(),
    hint: z.string().describe('The end of the key'),
    per_hour: z.int(),
    revoked_at: at.nullable(),
    created_at: at,
  })
  .meta({ id: 'AdminContactKey' });

export const ContactKeysQuery = listQuery(['-id', 'id'], { is_revoked: flag() });
export type ContactKeysQuery = z.infer<typeof ContactKeysQuery>;

export const NewContactKey = z
  .object({ name: line(100, 1), per_hour: z.int().min(1).max(100_000).default(60) })
  .meta({ id: 'NewContactKey' });
export type NewContactKey = z.infer<typeof NewContactKey>;

export const MadeContactKey = ContactKey.extend({ key: z.string().describe('Shown this once') }).meta({
  id: 'MadeContactKey',
});
