import type { Statement } from '../db/client.ts';
import { tellOfCompletion, tellOfNewTask } from '../db/notifications.ts';
import type { Event } from '../domain/event.ts';
import type { Ports } from '../usecases/ports.ts';

/** Answers with what to write; the consumer commits that together with the event's end. May run twice. */
export function handle({ db }: Pick<Ports, 'db'>, event_id: number, event: Event): Statement[] {
  switch (event.type) {
    case 'task.created':
      return [tellOfNewTask(db, event_id, event.task_id)];
    case 'task.completed':
      return [tellOfCompletion(db, event_id, event.task_id, event.completion_id)];
    case 'user.registered':
    case 'user.signed_in':
    case 'user.signed_out':
    case 'user.updated':
    case 'residence.created':
    case 'residence.updated':
    case 'residence.deleted':
    case 'task.updated':
    case 'task.deleted':
    case 'task.started':
    case 'task.stopped':
    case 'task.cancelled':
    case 'task.uncancelled':
    case 'task.archived':
    case 'task.unarchived':
    case 'user.verification_requested':
    case 'user.verified':
    case 'user.reset_requested':
    case 'user.password_changed':
    case 'user.email_change_requested':
    case 'user.email_changed':
    case 'user.identity_linked':
    case 'user.deleted':
    case 'residence.restored':
    case 'residence.paused':
    case 'residence.resumed':
    case 'residence.transferred':
    case 'residence.code_made':
    case 'residence.code_revoked':
    case 'member.joined':
    case 'member.left':
    case 'member.removed':
    case 'member.role_changed':
    case 'tasks.created':
    case 'task.assigned':
    case 'task.skipped':
    case 'completion.updated':
    case 'completion.deleted':
    case 'contractor.created':
    case 'contractor.updated':
    case 'contractor.deleted':
    case 'calendar.created':
    case 'calendar.revoked':
    case 'subscription.changed':
    case 'webhook.received':
      return []; // nobody is told
  }
}
