import * as z from 'zod';
import { Readiness } from '../health.ts';
import { Alert, heard } from '../observatory.ts';

const at = z.iso.datetime();

/** Later than this it has failed more than once: as deploy/alerts/rules.yml has it. */
export const BACKUP_LATE_S = 36 * 3600;
export const ARCHIVE_LATE_S = 50 * 3600;

const UpkeepState = z.enum(['ok', 'late', 'never', 'broken']);
const Upkeep = z.object({ state: UpkeepState, at: at.nullable().describe('When it last came to a good end') });

const RouteTraffic = z.object({
  method: z.string(),
  endpoint: z.string().describe('The pattern of the route; `none` where none matched'),
  requests: z.int(),
  errors: z.int().describe('Answered with 5xx'),
  p95_ms: z.number().nullable(),
});

export const Traffic = z.object({
  requests: z.int(),
  errors: z.int(),
  p95_ms: z.number().nullable(),
  routes: z.array(RouteTraffic).describe('Those with the most errors first, then those with the most requests'),
});
export type Traffic = z.infer<typeof Traffic>;

const Failover = z.object({
  share: z.number().nullable().describe('Of the requests of the last five minutes: those that the origin has answered'),
  last_at: at.nullable().describe('Within a day, to the minute'),
  last_reason: z.string().nullable(),
});
export type Failover = z.infer<typeof Failover>;

/** How honeyDue is: on one page. */
export const AdminStatus = Readiness.extend({
  release: z.string(),
  runtime: z.string(),
  database_version: z.string(),
  traffic: heard(Traffic).describe('Of the last hour'),
  failover: heard(Failover),
  alerts: heard(z.array(Alert)),
  backup: Upkeep,
  audit_archive: Upkeep,
  deployments: z.array(z.object({ release: z.string(), at })).describe('Which release serves since when, the last ten'),
}).meta({ id: 'AdminStatus' });
export type AdminStatus = z.infer<typeof AdminStatus>;

type Last = { ended_s: number | null; now_s: number };

export const backupState = ({ ended_s, now_s }: Last) => upkeepOf(ended_s, now_s, BACKUP_LATE_S);

export const archiveState = ({ ended_s, now_s, is_broken }: Last & { is_broken: boolean }) => ({
  ...upkeepOf(ended_s, now_s, ARCHIVE_LATE_S),
  ...(is_broken && { state: 'broken' as const }),
});

function upkeepOf(ended_s: number | null, now_s: number, late_s: number): z.infer<typeof Upkeep> {
  if (ended_s === null) return { state: 'never', at: null };
  return { state: now_s - ended_s > late_s ? 'late' : 'ok', at: new Date(ended_s * 1000).toISOString() };
}
