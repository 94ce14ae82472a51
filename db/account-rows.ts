import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

// Only the origin reads this: exports are made there alone.

const mine =
  (table: SQL, json: SQL): Section =>
  (me) =>
    sql`select t.id, ${json} as json from ${table} t where t.user_id = ${me}`;
const only = (...fields: string[]): SQL =>
  sql`(select to_jsonb(x) from (select ${sql.join(
    fields.map((field) => sql`t.${sql.identifier(field)}`),
    sql`, `,
  )}) x)`;

/** Rows `t` of the homes that the user may see. */
const ofHomes =
  (table: SQL, json = sql`to_jsonb(t)`): Section =>
  (me) =>
    sql`
  select t.id, ${json} as json from hd_membership m join ${table} t on t.residence_id = m.residence_id where m.user_id = ${me}`;

type Section = (user_id: number) => SQL;

/**
 * Everything that honeyDue keeps of somebody, by the file that it is exported to. Of what belongs to others only what the
 * user may see; nothing that opens a door: no hash, no token, no code.
 */
const SECTIONS = {
  account: (me) => sql`
    select t.id, ${only('id', 'username', 'email', 'first_name', 'last_name', 'timezone', 'is_verified', 'created_at', 'updated_at')} as json
    from auth_user t where t.id = ${me}`,
  identities: mine(sql`user_socialaccount`, only('provider', 'subject', 'created_at')),
  sessions: mine(sql`user_authtoken`, only('id', 'device_name', 'address', 'user_agent', 'created_at', 'last_used_at')),
  devices: mine(
    sql`notifications_device`,
    only('id', 'platform', 'environment', 'app_version', 'locale', 'name', 'registered_at'),
  ),
  preferences: (me) => sql`
    select t.user_id as id, to_jsonb(t) as json from notifications_notificationpreference t where t.user_id = ${me}`,
  subscription: (me) =>
    sql`select t.user_id as id, to_jsonb(t) as json from subscription_usersubscription t where t.user_id = ${me}`,
  purchases: (me) => sql`
    select row_number() over (order by t.created_at, t.transaction_id) as id,
      ${only('platform', 'transaction_id', 'product_id', 'status', 'expires_at', 'auto_renew', 'stated_at', 'created_at')} as json
    from subscription_transaction t where t.user_id = ${me}`,
  residences: (me) => sql`
    select t.id, to_jsonb(t) - 'hash_key' || jsonb_build_object('role', m.role) as json
    from hd_membership m join residence_residence t on t.id = m.residence_id where m.user_id = ${me}`,
  members: (me) => sql`
    select row_number() over (order by o.residence_id, o.created_at, o.user_id) as id, jsonb_build_object(
      'residence_id', o.residence_id, 'user_id', o.user_id, 'username', u.username, 'first_name', u.first_name,
      'last_name', u.last_name, 'role', o.role, 'joined_at', o.created_at) as json
    from hd_membership m join residence_residence_users o on o.residence_id = m.residence_id
    join auth_user u on u.id = o.user_id and u.deleted_at is null where m.user_id = ${me}`,
  share_codes: (me) => sql`
    select t.id, ${only('id', 'residence_id', 'role', 'one_time', 'expires_at', 'spent_at', 'created_at')} as json
    from residence_residencesharecode t join hd_membership m on m.residence_id = t.residence_id and m.user_id = ${me}
    where t.created_by_id = ${me} or m.role = 'owner'`,
  tasks: ofHomes(sql`task_task`),
  completions: ofHomes(sql`task_taskcompletion`),
  skips: ofHomes(sql`task_taskskip`),
  contractors: (me) => sql`
    select t.id, to_jsonb(t) || jsonb_build_object('specialties', array(
      select s.name from task_contractor_specialties z join task_contractorspecialty s on s.id = z.specialty_id
      where z.contractor_id = t.id order by s.name)) as json
    from task_contractor t where t.owner_id = ${me}
      or t.residence_id in (select m.residence_id from hd_membership m where m.user_id = ${me})`,
  documents: ofHomes(sql`task_document`),
  uploads: mine(
    sql`pending_uploads`,
    only('id', 'category', 'filename', 'content_type', 'content_length', 'created_at'),
  ),
  notifications: mine(
    sql`notifications_notification`,
    only('id', 'type', 'title', 'body', 'data', 'read_at', 'created_at'),
  ),
  reminders: mine(
    sql`notifications_reminder`,
    only('id', 'kind', 'subject_id', 'subject_date', 'stage', 'channel', 'claimed_at'),
  ),
  deliveries: (me) => sql`
    select row_number() over (order by t.at, t.event_id) as id, ${only('channel', 'result', 'at')} as json
    from notifications_delivery t where t.user_id = ${me}`,
  calendar_feeds: mine(sql`calendar_feed`, only('id', 'residence_id', 'created_at')),
  jobs: mine(
    sql`long_job`,
    only('id', 'kind', 'residence_id', 'state', 'filename', 'size', 'created_at', 'finished_at'),
  ),
  messages: (me) => sql`
    select t.id, ${only('id', 'name', 'email', 'message', 'created_at')} as json
    from auth_user u join contact_message t on lower(t.email) = lower(u.email) where u.id = ${me} and u.is_verified`,
  activity: (me) => sql`
    select t.id, ${only('at', 'action', 'target_type', 'target_id', 'residence_id', 'address')} as json
    from audit_log t where t.actor_id = ${me}`,
} satisfies Record<string, Section>;

export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

/** A page of a section, in the order of ids. */
export const findSection = (db: Db, name: SectionName, user_id: number, after: number, limit: number) =>
  statement<{ found: { id: number; json: unknown } }>(
    db,
    sql`select json_build_object('id', s.id, 'json', s.json) as found from (${SECTIONS[name](user_id)}) s
        where s.id > ${after} order by s.id limit ${limit}`,
  );

const TABLES = { completion: sql`task_taskcompletionimage`, document: sql`task_documentimage` };
export type FileKind = keyof typeof TABLES;
export const FILE_KINDS = Object.keys(TABLES) as FileKind[];

/** Files of homes that the user owns, and what the user has put into others: as far as the user may read them. */
const readable = (kind: FileKind, me: number): SQL => sql`
  ${TABLES[kind]} f join hd_membership m on m.residence_id = f.residence_id and m.user_id = ${me}
  where (m.role = 'owner' or f.uploaded_by_id = ${me}) and (f.prepared_at is not null or f.uploaded_by_id = ${me})`;

export type ExportedFile = {
  id: number;
  residence_id: number;
  object_key: string;
  version_id: string | null;
  filename: string | null;
  content_type: string;
  size: number;
};

export const findExportedFiles = (db: Db, kind: FileKind, user_id: number, after: number, limit: number) =>
  statement<{ found: ExportedFile }>(
    db,
    sql`select json_build_object('id', f.id, 'residence_id', f.residence_id, 'object_key', f.object_key,
          'version_id', f.version_id, 'filename', f.filename, 'content_type', f.content_type, 'size', f.size) as found
        from ${readable(kind, user_id)} and f.id > ${after} order by f.id limit ${limit}`,
  );

export const findExportedBytes = (db: Db, user_id: number) =>
  statement<{ found: number }>(
    db,
    sql`select to_json((select coalesce(sum(f.size), 0) from ${readable('completion', user_id)})
          + (select coalesce(sum(f.size), 0) from ${readable('document', user_id)})) as found`,
  );
