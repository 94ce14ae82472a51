import * as z from 'zod';

const about = {
  user: { user_id: z.int() },
  residence: { residence_id: z.int() },
  member: { residence_id: z.int(), user_id: z.int() },
  task: { residence_id: z.int(), task_id: z.int() },
  completion: { residence_id: z.int(), task_id: z.int(), completion_id: z.int() },
  contractor: { residence_id: z.int().nullable(), contractor_id: z.int() },
  feed: { user_id: z.int(), feed_id: z.int() },
};
const fact = <T extends string, S extends z.ZodRawShape>(type: T, ids: S) =>
  z.object({ type: z.literal(type), ...ids });

/** Every fact the system may act on later, in the past tense and as ids: a handler reads the rest fresh. */
export const Event = z.discriminatedUnion('type', [
  fact('user.registered', about.user),
  fact('user.signed_in', about.user),
  fact('user.signed_out', about.user),
  fact('user.updated', about.user),
  fact('user.verification_requested', about.user),
  fact('user.verified', about.user),
  fact('user.reset_requested', about.user),
  fact('user.password_changed', about.user),
  fact('user.email_change_requested', about.user),
  fact('user.email_changed', about.user),
  fact('user.identity_linked', about.user),
  fact('user.deleted', about.user),
  fact('residence.created', about.residence),
  fact('residence.updated', about.residence),
  fact('residence.deleted', about.residence),
  fact('residence.restored', about.residence),
  fact('residence.paused', about.residence),
  fact('residence.resumed', about.residence),
  fact('residence.transferred', about.member),
  fact('residence.code_made', about.residence),
  fact('residence.code_revoked', about.residence),
  fact('member.joined', about.member),
  fact('member.left', about.member),
  fact('member.removed', about.member),
  fact('member.role_changed', about.member),
  fact('task.created', about.task),
  fact('tasks.created', { residence_id: z.int(), task_ids: z.array(z.int()) }),
  fact('task.updated', about.task),
  fact('task.assigned', about.task),
  fact('task.deleted', about.task),
  fact('task.started', about.task),
  fact('task.stopped', about.task),
  fact('task.cancelled', about.task),
  fact('task.uncancelled', about.task),
  fact('task.archived', about.task),
  fact('task.unarchived', about.task),
  fact('task.skipped', about.task),
  fact('task.completed', about.completion),
  fact('completion.updated', about.completion),
  fact('completion.deleted', about.completion),
  fact('contractor.created', about.contractor),
  fact('contractor.updated', about.contractor),
  fact('contractor.deleted', about.contractor),
  fact('calendar.created', about.feed),
  fact('calendar.revoked', about.feed),
  fact('subscription.changed', about.user),
  fact('subscription.page_opened', about.user),
  fact('webhook.received', { webhook_id: z.int() }),
]);
export type Event = z.infer<typeof Event>;

/** What travels through a queue: only a doorbell. The event itself waits in the outbox. */
export const Doorbell = z.object({ event_id: z.int() });
export type Doorbell = z.infer<typeof Doorbell>;
