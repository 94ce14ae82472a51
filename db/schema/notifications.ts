import { sql } from 'drizzle-orm';
import { check, date, index, integer, jsonb, pgTable, primaryKey, text, time, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, ref, versioned } from './columns.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

export const notifications = pgTable(
  'notifications_notification',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    residence_id: ref().references(() => residences.id, { onDelete: 'cascade' }),
    /** What it tells of: a handler or a tick that runs twice tells once. */
    event_id: ref(),
    reminder_id: ref(),
    type: text().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    data: jsonb().notNull().default({}),
    read_at: moment(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    uniqueIndex('notifications_notification_once').on(t.user_id, t.event_id),
    uniqueIndex('notifications_notification_reminder').on(t.reminder_id),
    index('notifications_notification_user_idx').on(t.user_id, t.id),
    index('notifications_notification_unread_idx').on(t.user_id).where(sql`read_at is null`),
    // Erasing a home looks for what was told of it.
    index('notifications_notification_residence_idx').on(t.residence_id).where(sql`residence_id is not null`),
    index('notifications_notification_created_idx').on(t.created_at),
  ],
);

/** How somebody wants to be told. No row: `DEFAULT_PREFERENCES` in domain/preferences.ts. */
export const preferences = pgTable(
  'notifications_notificationpreference',
  {
    user_id: ref()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** By type: `{ push, email, in_app }`. */
    channels: jsonb().notNull(),
    task_due_soon_hour: integer().notNull(),
    task_overdue_hour: integer().notNull(),
    warranty_expiring_hour: integer().notNull(),
    daily_digest_hour: integer().notNull(),
    /** Local times; both or neither. */
    quiet_start: time(),
    quiet_end: time(),
    ...versioned(),
  },
  () => [
    check(
      'notifications_notificationpreference_hours',
      sql`task_due_soon_hour between 0 and 23 and task_overdue_hour between 0 and 23
      and warranty_expiring_hour between 0 and 23 and daily_digest_hour between 0 and 23`,
    ),
    check('notifications_notificationpreference_quiet', sql`(quiet_start is null) = (quiet_end is null)`),
  ],
);

/** A phone that may be told. A token is one phone's: whoever signs in on it takes it over. */
export const devices = pgTable(
  'notifications_device',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    platform: text({ enum: ['ios', 'android'] }).notNull(),
    token: text().notNull(),
    environment: text({ enum: ['sandbox', 'production'] }).notNull(),
    app_version: text(),
    locale: text(),
    name: text(),
    /** When the app last said that this is its token; a refusal from before says nothing of it. */
    registered_at: moment().notNull().default(sql`now()`),
    ...versioned(),
  },
  (t) => [
    uniqueIndex('notifications_device_token_key').on(t.platform, t.token),
    index('notifications_device_user_idx').on(t.user_id),
    check('notifications_device_platform', sql`platform in ('ios', 'android')`),
    check('notifications_device_environment', sql`environment in ('sandbox', 'production')`),
  ],
);

/** What somebody is to be reminded of, claimed before it is sent: the key is the promise that it is sent once. */
export const reminders = pgTable(
  'notifications_reminder',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** `task`, `warranty`, `digest`, `notice`, or the name of an onboarding mail. */
    kind: text().notNull(),
    /** The task's, the document's, or of a notice its event's id; 0 where it is about none. */
    subject_id: ref().notNull(),
    /** The effective date, the end of the warranty, the day of the digest. */
    subject_date: date({ mode: 'string' }).notNull(),
    /** Days before (+) or after (−) that date. */
    stage: integer().notNull(),
    channel: text({ enum: ['in_app', 'push', 'email'] }).notNull(),
    claimed_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    uniqueIndex('notifications_reminder_once').on(t.user_id, t.kind, t.subject_id, t.subject_date, t.stage, t.channel),
    index('notifications_reminder_claimed_idx').on(t.claimed_at),
    check('notifications_reminder_channel', sql`channel in ('in_app', 'push', 'email')`),
  ],
);

/** Addresses that mail is not sent to any more, as digests: it bounced, its reader complained, or it was refused. */
export const suppressions = pgTable(
  'notifications_suppression',
  {
    address_digest: text().primaryKey(),
    reason: text({ enum: ['bounce', 'complaint', 'refusal'] }).notNull(),
    created_at: moment().notNull().default(sql`now()`),
  },
  () => [check('notifications_suppression_reason', sql`reason in ('bounce', 'complaint', 'refusal')`)],
);

/** What became of each message that left the house. */
export const deliveries = pgTable(
  'notifications_delivery',
  {
    /** The event that it was sent for; one to a device, or to an address. */
    event_id: ref().notNull(),
    /** Of a push: the device. 0 for mail. */
    device_id: ref().notNull().default(0),
    channel: text({ enum: ['push', 'email'] }).notNull(),
    user_id: ref().references(() => users.id, { onDelete: 'cascade' }),
    /** `waiting`: promised to the device, and not sent yet. */
    result: text({ enum: ['waiting', 'sent', 'uncertain', 'refused', 'gone', 'suppressed'] }).notNull(),
    message_id: text(),
    error: text(),
    at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.event_id, t.channel, t.device_id] }),
    index('notifications_delivery_user_idx').on(t.user_id, t.at),
    index('notifications_delivery_at_idx').on(t.at),
  ],
);

/** When each piece of scheduled work last ran to its end: what it missed since is caught up. */
export const scheduledRuns = pgTable('scheduled_run', {
  name: text().primaryKey(),
  ran_at: moment().notNull(),
});
