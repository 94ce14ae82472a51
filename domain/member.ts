import * as z from 'zod';
import { id } from './fields.ts';
import { Role } from './residence.ts';
import { JoinerRole } from './share-code.ts';

export const Member = z
  .object({
    user_id: z.int(),
    username: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    role: Role,
    joined_at: z.iso.datetime(),
  })
  .meta({ id: 'Member' });

export const MemberChange = z.object({ role: JoinerRole }).meta({ id: 'MemberChange' });

export const Transfer = z.object({ user_id: id().describe('A member or viewer of the home') }).meta({ id: 'Transfer' });
