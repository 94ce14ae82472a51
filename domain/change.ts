import * as z from 'zod';
import { Completion } from './completion.ts';
import { Contractor } from './contractor.ts';
import { Document } from './document.ts';
import { Member } from './member.ts';
import { PageQuery } from './page.ts';
import { Residence } from './residence.ts';
import { Task } from './task.ts';

const MAX_CURSOR_LENGTH = 12_000;

/** In the order in which a home is delivered whole: what is referred to comes before what refers to it. */
export const DELIVERED = ['residence', 'member', 'contractor', 'task', 'completion', 'document'] as const;

const Change = z
  .object({
    cursor: z.string().describe('Where to go on after this change'),
    type: z.enum(DELIVERED),
    action: z.enum(['created', 'updated', 'deleted']),
    id: z.int().describe("Of a member: the user's"),
    residence_id: z.int(),
    at: z.iso.datetime(),
    data: z
      .union([Residence, Member, Contractor, Task, Completion, Document])
      .nullable()
      .describe('What its own GET answers now; null once it is gone'),
  })
  .meta({ id: 'Change' });

export const Changes = z
  .object({
    results: z.array(Change),
    next_cursor: z.string().describe('Where to go on, now or later'),
    has_more: z.boolean().describe('Whether more is waiting already'),
  })
  .meta({ id: 'Changes' });

export const ChangesQuery = PageQuery.pick({ limit: true }).extend({
  since: z
    .string()
    .max(MAX_CURSOR_LENGTH)
    .optional()
    .describe('From `next_cursor`, or of the last change that was kept; without it all that you see is delivered'),
});

const HomeId = z.string().regex(/^[1-9]\d{0,14}$/);
const Count = z.int().nonnegative();

/**
 * What a client has of each home. Two numbers: all changes up to this version and its n-th. Three: the home as it was at a
 * version is being delivered whole, and was up to this type (its place in `DELIVERED`) and id.
 */
export const ChangesCursor = z.record(
  HomeId,
  z.union([
    z.tuple([Count, Count]),
    z.tuple([
      Count,
      z
        .int()
        .min(0)
        .max(DELIVERED.length - 1),
      Count,
    ]),
  ]),
);
export type ChangesCursor = z.infer<typeof ChangesCursor>;
