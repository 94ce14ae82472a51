import type { World } from '../home.ts';
import type { Things } from '../operations/admin.ts';

/** One row of everything that the dashboard shows, of a family of its own. */
export async function things(world: World, admin_id: number): Promise<Things> {
  const { owner, member, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const [row] = await world.rows(
    `with completion as (
       insert into task_taskcompletion (task_id, residence_id, completed_at, completed_by_id) values ($1, $2, now(), $3) returning id
     ), contractor as (
       insert into task_contractor (residence_id, name) values ($2, 'Maple Plumbing') returning id
     ), document as (
       insert into task_document (residence_id, title, document_type) values ($2, 'Boiler', 'warranty') returning id
     ), file as (
       insert into task_documentimage (document_id, residence_id, object_key, content_type, size, filename)
       select id, $2, 'document/' || gen_random_uuid(), 'application/pdf', 4, 'boiler.pdf' from document returning id
     ), key as (
       insert into contact_apikey (name, digest, hint) values ('site', gen_random_uuid()::text, 'abcd') returning id
     ), message as (
       insert into contact_message (api_key_id, name, email, message) select id, 'Jo', 'jo@example.com', 'Where is it?' from key returning id
     ), dead as (
       insert into outbox (event, attempts, last_error, dead_at)
       values (jsonb_build_object('type', 'task.created', 'task_id', $1::bigint), 8, 'Error: no', now()) returning id
     ), webhook as (
       insert into webhook_event_log (provider, event_id, type, payload) values ('ses', gen_random_uuid()::text, 'bounce', '{}') returning id
     ), delivery as (
       insert into notifications_delivery (event_id, channel, user_id, result)
       select id, 'email', $3, 'refused' from dead returning event_id
     ), subscription as (
       insert into subscription_usersubscription (user_id, tier) values ($4, 'pro')
     ), session as (
       insert into admin_session (admin_id, digest) values ($5, gen_random_uuid()::text) returning id
     )
     select completion.id::int as completion_id, contractor.id::int as contractor_id, document.id::int as document_id,
       file.id::int as file_id, key.id::int as key_id, message.id::int as message_id, dead.id::int as dead_id,
       dead.id::int as event_id, webhook.id::int as webhook_id, session.id::int as session_id,
       (select min(id)::int from task_tasktemplate) as template_id
     from completion, contractor, document, file, key, message, dead, webhook, session`,
    [task_id, residence_id, member.user_id, owner.user_id, admin_id],
  );
  return { user_id: owner.user_id, member_id: member.user_id, residence_id, task_id, ...row };
}
