import { sql } from 'drizzle-orm';
import type { NewContactMessage } from '../domain/contact.ts';
import { type Bell, QUEUE_OF } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import type { Origin } from './guard.ts';
import { bell } from './outbox.ts';
import { type Counted, oneMore, type Window } from './rate-counters.ts';

/** In place of a digest, for what the site's own page sends: there is no key to it. */
export const SITE = 'site';
const HOUR_S = 3600;

/** The site's page has a row like any other, so that its messages are counted, and can be stopped, like any other's. */
export const addSite = (db: Db, isNeeded: boolean) =>
  statement(
    db,
    sql`insert into contact_apikey (name, digest, hint) select 'The site', ${SITE}, '' where ${isNeeded}::boolean
        on conflict (digest) do nothing`,
  );

export type ContactHandedIn = {
  /** Null: there is no such key, or none any more. */
  key: (Counted & { per_hour: number }) | null;
  /** Of the address that it came from; null where those are not counted. */
  network: Counted | null;
  id: number | null;
  bell: Bell | null;
};
type Handed = Pick<NewContactMessage, 'name' | 'email' | 'message'>;
type Limit = Window & { quota: number };

/** Keeps a message with its event, if its key is good and brings no more than it may: one statement, exactly counted. */
export const addContactMessage = (db: Db, digest: string, message: Handed, network: Limit | null, origin: Origin) =>
  statement<{ found: ContactHandedIn }>(
    db,
    sql`with key as (select id, per_hour from contact_apikey where digest = ${digest} and revoked_at is null),
        near as (${network ? oneMore(network, sql`from key`) : sql`select 0 as count, 0 as reset_s from key`}),
        counted as (${oneMore(
          { subject: sql`'contact:key:' || key.id`, window_s: HOUR_S },
          sql`from key, near where near.count <= ${network?.quota ?? 0}`,
        )}),
        kept as (
          insert into contact_message (api_key_id, name, email, message)
          select key.id, ${message.name}, ${message.email}, ${message.message}
          from key, counted where counted.count <= key.per_hour returning id),
        told as (
          insert into outbox (event, queue, request_id, traceparent)
          select jsonb_build_object('type', 'contact.received', 'message_id', id), ${QUEUE_OF['contact.received']},
            ${origin.request_id}, ${origin.traceparent} from kept
          returning ${bell} as bell)
        select json_build_object(
          'key', (select json_build_object('per_hour', per_hour, 'count', coalesce(c.count, 0), 'reset_s', coalesce(c.reset_s, 0))
                  from key left join counted c on true),
          'network', (select row_to_json(near) from near where ${network !== null}),
          'id', (select id from kept), 'bell', (select bell from told)) as found`,
  );

export type MessageToMail = Handed & { id: number };

/** The messages of these events of which nobody was told yet. */
export const findMessagesToMail = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: MessageToMail }>(
    db,
    sql`select o.id as event_id, json_build_object('id', m.id, 'name', m.name, 'email', m.email, 'message', m.message) as found
        from outbox o join contact_message m on m.id = (o.event ->> 'message_id')::bigint and m.mailed_at is null
        where o.id = any (${sql.param(event_ids)}::bigint[])`,
  );

export const noteMailed = (db: Db, ids: number[]) =>
  statement(db, sql`update contact_message set mailed_at = now() where id = any (${sql.param(ids)}::bigint[])`);
