import * as z from 'zod';
import { idFilter, listQuery, momentFilter } from './list.ts';

const Actor = z.enum(['user', 'admin', 'system']);
const Action = z.enum(['created', 'updated', 'deleted', 'restored', 'shared']);

export const AuditEntry = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    actor_type: Actor,
    actor_id: z.int().nullable(),
    actor: z.string().nullable().describe('What they are called today'),
    action: Action,
    target_type: z.string(),
    target_id: z.int(),
    residence_id: z.int().nullable(),
    changed: z
      .record(z.string(), z.array(z.unknown()))
      .nullable()
      .describe('By field: before and after; what may be personal as a keyed hash'),
    request_id: z.string().nullable(),
    address: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

export const AuditQuery = listQuery(['-id', 'id', '-at', 'at'], {
  actor_type: Actor.optional(),
  actor_id: idFilter(),
  action: Action.optional(),
  target_type: z.string().max(50).optional(),
  target_id: idFilter(),
  residence_id: idFilter(),
  request_id: z.string().max(100).optional(),
  field: z.string().max(50).optional().describe('That was changed'),
  from: momentFilter(),
  to: momentFilter(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
