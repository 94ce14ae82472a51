import { sql } from 'drizzle-orm';
import type { TraceIds, TraceRows } from '../domain/trace.ts';
import { auditEntries } from './admin/audit.ts';
import { deliveryFields } from './admin/deliveries.ts';
import { jobs } from './admin/jobs.ts';
import { type Db, statement } from './client.ts';

/** An import of a thousand tasks is one request. */
const ROWS_MAX = 200;

/** Where the trace's id stands in a traceparent. */
const traceId = sql`substr(t.traceparent, 4, 32)`;

/** What requests have changed and left behind, by their ids or by the traces of what they left. */
export const findTraced = (db: Db, { request_ids, trace_ids }: TraceIds) =>
  statement<{ found: TraceRows }>(
    db,
    sql`with requests as (
      select unnest(${sql.param(request_ids)}::text[]) as id
      union select t.request_id from ${jobs.from} t where ${traceId} = any (${sql.param(trace_ids)}::text[])
    )
    select json_build_object(
      'audit', (
        select coalesce(json_agg(x order by x.id), '[]') from (
          select ${auditEntries.row} from ${auditEntries.from} t where t.request_id = any (array(select id from requests))
          order by t.id desc limit ${ROWS_MAX}) x),
      'events', (
        select coalesce(json_agg(x order by x.id), '[]') from (
          select ${jobs.row}, ${traceId} as trace_id, sent.deliveries
          from ${jobs.from} t cross join lateral (select t.id as event_id) e cross join lateral (
            select coalesce(json_agg(d order by d.at), '[]') as deliveries from (
              select ${deliveryFields} from notifications_delivery t where t.event_id = e.event_id) d) sent
          where t.request_id = any (${sql.param(request_ids)}::text[]) or ${traceId} = any (${sql.param(trace_ids)}::text[])
          order by t.id desc limit ${ROWS_MAX}) x)) as found`,
  );
