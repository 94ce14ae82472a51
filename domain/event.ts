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
  fact('notification.read', { user_id: z.int(), notification_id: z.int() }),
  fact('notifications.read', about.user),
  fact('preferences.updated', about.user),
  fact('device.registered', { user_id: z.int(), device_id: z.int() }),
  fact('device.deleted', { user_id: z.int(), device_id: z.int() }),
  fact('reminder.claimed', { reminder_id: z.int() }),
]);
export type Event = z.infer<typeof Event>;

/**
 * Each has its own pace and its own dead letters, so that a slow carrier holds up nobody else. `jobs`: the database alone.
 * `push`, `mail`: what leaves the house. `maintenance`: what asks others. `long`: over ten seconds, at the origin alone.
 */
export const Queue = z.enum(['jobs', 'push', 'mail', 'maintenance', 'long']);
export type Queue = z.infer<typeof Queue>;

export const QUEUE_OF: Record<Event['type'], Queue> = {
  'user.registered': 'mail',
  'user.signed_in': 'jobs',
  'user.signed_out': 'jobs',
  'user.updated': 'jobs',
  'user.verification_requested': 'mail',
  'user.verified': 'jobs',
  'user.reset_requested': 'mail',
  'user.password_changed': 'mail',
  'user.email_change_requested': 'mail',
  'user.email_changed': 'mail',
  'user.identity_linked': 'mail',
  'user.deleted': 'mail',
  'residence.created': 'jobs',
  'residence.updated': 'jobs',
  'residence.deleted': 'jobs',
  'residence.restored': 'jobs',
  'residence.paused': 'jobs',
  'residence.resumed': 'jobs',
  'residence.transferred': 'jobs',
  'residence.code_made': 'jobs',
  'residence.code_revoked': 'jobs',
  'member.joined': 'jobs',
  'member.left': 'jobs',
  'member.removed': 'jobs',
  'member.role_changed': 'jobs',
  'task.created': 'jobs',
  'tasks.created': 'jobs',
  'task.updated': 'jobs',
  'task.assigned': 'jobs',
  'task.deleted': 'jobs',
  'task.started': 'jobs',
  'task.stopped': 'jobs',
  'task.cancelled': 'jobs',
  'task.uncancelled': 'jobs',
  'task.archived': 'jobs',
  'task.unarchived': 'jobs',
  'task.skipped': 'jobs',
  'task.completed': 'jobs',
  'completion.updated': 'jobs',
  'completion.deleted': 'jobs',
  'contractor.created': 'jobs',
  'contractor.updated': 'jobs',
  'contractor.deleted': 'jobs',
  'calendar.created': 'jobs',
  'calendar.revoked': 'jobs',
  'subscription.changed': 'maintenance',
  'subscription.page_opened': 'jobs',
  'webhook.received': 'maintenance',
  'notification.read': 'jobs',
  'notifications.read': 'jobs',
  'preferences.updated': 'jobs',
  'device.registered': 'jobs',
  'device.deleted': 'jobs',
  // One that is pushed waits in the queue of pushes: db/claims.ts says so.
  'reminder.claimed': 'mail',
};

/** What travels through a queue: only a doorbell. The event itself waits in the outbox. */
export const Doorbell = z.object({ event_id: z.int() });
export type Doorbell = z.infer<typeof Doorbell>;

/** Which event waits, and in whose queue a doorbell says so. */
export type Bell = { event_id: number; queue: Queue; delay_s?: number };
