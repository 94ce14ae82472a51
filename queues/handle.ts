import type { Statement } from '../db/client.ts';
import { tellOfCompletion, tellOfNewTask } from '../db/notifications.ts';
import { findDeleted, findLinked, findRecipient } from '../db/recipients.ts';
import type { Event } from '../domain/event.ts';
import { accountDeleted, passwordChanged, signInLinked } from '../domain/mails/account.ts';
import type { Worker } from '../usecases/ports.ts';
import { acknowledgePurchases } from './jobs/acknowledge-purchases.ts';
import { applyWebhook } from './jobs/apply-webhook.ts';
import { mailCode } from './jobs/mail-code.ts';
import { mailNotice } from './jobs/mail-notice.ts';
import { tellFormerAddress } from './jobs/tell-former-address.ts';

/** Answers with what to write; the consumer commits that together with the event's end. May run twice. */
export async function handle(worker: Worker, event_id: number, event: Event): Promise<Statement[]> {
  const { db } = worker;
  switch (event.type) {
    case 'user.registered':
    case 'user.verification_requested':
      return await mailCode(worker, event_id, 'verify_email');
    case 'user.reset_requested':
      return await mailCode(worker, event_id, 'reset_password');
    case 'user.email_change_requested':
      return await mailCode(worker, event_id, 'change_email');
    case 'user.email_changed':
      return await tellFormerAddress(worker, event_id, event.user_id);
    case 'user.password_changed':
      return await mailNotice(worker, event_id, findRecipient(db, event.user_id), passwordChanged);
    case 'user.identity_linked':
      return await mailNotice(worker, event_id, findLinked(db, event_id), signInLinked);
    case 'user.deleted':
      return await mailNotice(worker, event_id, findDeleted(db, event.user_id), accountDeleted);
    case 'task.created':
      return [tellOfNewTask(db, event_id, event.task_id)];
    case 'task.completed':
      return [tellOfCompletion(db, event_id, event.task_id, event.completion_id)];
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
    case 'user.verified':
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
    case 'subscription.page_opened':
      return []; // nobody is told
    case 'subscription.changed':
      await acknowledgePurchases(worker, event.user_id);
      return [];
    case 'webhook.received':
      return await applyWebhook(worker, event.webhook_id);
  }
}
