import * as z from 'zod';
import { Queue } from '../event.ts';
import { SearchWords } from './list.ts';

const Day = z.object({ day: z.iso.date(), count: z.int() });

/** Figures for charts; days are of UTC. */
export const Overview = z
  .object({
    users: z.object({ total: z.int().describe('About'), per_day: z.array(Day).describe('New, 90 days') }),
    residences: z.object({ total: z.int().describe('About'), per_day: z.array(Day).describe('New, 90 days') }),
    completions: z.object({ per_day: z.array(Day).describe('Tasks done, 90 days') }),
    queues: z.array(z.object({ queue: Queue, pending: z.int(), oldest_age_s: z.number().nullable(), dead: z.int() })),
    deliveries: z
      .array(z.object({ day: z.iso.date(), channel: z.enum(['push', 'email']), result: z.string(), count: z.int() }))
      .describe('Mails and pushes, 14 days'),
    contact_messages: z.object({ new: z.int() }),
  })
  .meta({ id: 'Overview' });

export const AdminSearchQuery = z.object({ q: SearchWords });

const Hit = z.object({
  type: z.enum(['user', 'residence', 'task', 'document', 'contractor', 'contact_message']),
  id: z.int(),
  title: z.string(),
  detail: z.string().nullable(),
});

export const AdminSearch = z
  .object({ query: z.string(), results: z.array(Hit).describe('At most ten of each kind, the newest first') })
  .meta({ id: 'AdminSearch' });
