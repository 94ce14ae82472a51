import * as z from 'zod';
import { id, line, withoutDefaults } from '../fields.ts';
import { Unit } from '../static-data.ts';
import { listQuery } from './list.ts';

/** The five tables that an admin may edit. */
export const LookUpKind = z.enum([
  'residence-types',
  'task-categories',
  'task-priorities',
  'task-frequencies',
  'contractor-specialties',
]);
export type LookUpKind = z.infer<typeof LookUpKind>;

const color = z
  .string()
  .regex(/^#[0-9A-Fa-f]{6}$/, 'Must be a colour like #FF9500.')
  .nullable()
  .default(null);
const position = { name: line(100, 1), display_order: z.int().min(0).max(10_000).optional() };
const look = { color, icon: line(50).nullable().default(null) };

/** `level` is of priorities alone; `interval`, `unit` and `days` of frequencies, both null for once. */
const editable = {
  ...position,
  ...look,
  level: z.int().min(0).max(100).optional(),
  interval: z.int().min(1).max(1000).nullable().optional(),
  unit: Unit.nullable().optional(),
  days: z.int().min(1).max(40_000).nullable().optional(),
};

export const NewLookUp = z.object(editable).meta({ id: 'NewLookUp' });
export type NewLookUp = z.infer<typeof NewLookUp>;

export const LookUpChange = z.object(withoutDefaults(editable)).partial().meta({ id: 'LookUpChange' });
export type LookUpChange = z.infer<typeof LookUpChange>;

export const AdminLookUp = z
  .object({
    id: z.int(),
    name: z.string(),
    display_order: z.int(),
    color: z.string().nullable().optional(),
    icon: z.string().nullable().optional(),
    level: z.int().optional().describe('Of a priority'),
    interval: z.int().nullable().optional().describe('Of a frequency'),
    unit: Unit.nullable().optional(),
    days: z.int().nullable().optional(),
    is_used: z.boolean().describe('What is used can’t be deleted'),
  })
  .meta({ id: 'AdminLookUp' });

export const LookUpsQuery = listQuery(['display_order', 'id'], {});
export type LookUpsQuery = z.infer<typeof LookUpsQuery>;

export const LookUpId = z.object({ kind: LookUpKind, id: z.coerce.number().pipe(id()) });
