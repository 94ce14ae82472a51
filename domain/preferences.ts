import * as z from 'zod';
import { zone } from './user.ts';

/** What somebody may want to be told of, or not. */
export const NotificationType = z.enum([
  'task_due_soon',
  'task_overdue',
  'task_completed',
  'task_assigned',
  'residence_shared',
  'warranty_expiring',
  'daily_digest',
]);
export type NotificationType = z.infer<typeof NotificationType>;

const channels = { push: z.boolean(), email: z.boolean(), in_app: z.boolean() };
const Channels = z.object(channels).meta({ id: 'Channels' });

export const Channel = z.enum(['push', 'email', 'in_app']);
export type Channel = z.infer<typeof Channel>;

const hour = () => z.int().min(0).max(23);
const localTime = () => z.iso.time({ precision: -1 }).describe('As the clock shows it, like 22:00');
const byType = <S extends z.ZodType>(schema: S) =>
  z.object(Object.fromEntries(NotificationType.options.map((type) => [type, schema])) as Record<NotificationType, S>);

/** How somebody who never said wants to be told. */
export const DEFAULT_CHANNELS = { push: true, email: false, in_app: true };
export const DEFAULT_HOURS = {
  task_due_soon_hour: 9,
  task_overdue_hour: 9,
  warranty_expiring_hour: 9,
  daily_digest_hour: 8,
};

export const Preferences = byType(Channels)
  .extend({
    task_due_soon_hour: hour(),
    task_overdue_hour: hour(),
    warranty_expiring_hour: hour(),
    daily_digest_hour: hour(),
    quiet_start: localTime().nullable(),
    quiet_end: localTime().nullable(),
    timezone: z.string().describe('Of the profile'),
  })
  .meta({ id: 'Preferences' });

const ChosenChannels = z
  .object({
    push: channels.push.default(DEFAULT_CHANNELS.push),
    email: channels.email.default(DEFAULT_CHANNELS.email),
    in_app: channels.in_app.default(DEFAULT_CHANNELS.in_app),
  })
  .prefault({});

/** PUT replaces: what is absent goes back to its default, but for the zone, which stays. */
export const PreferencesReplacement = byType(ChosenChannels)
  .extend({
    task_due_soon_hour: hour().default(DEFAULT_HOURS.task_due_soon_hour),
    task_overdue_hour: hour().default(DEFAULT_HOURS.task_overdue_hour),
    warranty_expiring_hour: hour().default(DEFAULT_HOURS.warranty_expiring_hour),
    daily_digest_hour: hour().default(DEFAULT_HOURS.daily_digest_hour),
    quiet_start: localTime().nullable().default(null),
    quiet_end: localTime().nullable().default(null),
    timezone: zone().optional(),
  })
  .refine(({ quiet_start, quiet_end }) => (quiet_start === null) === (quiet_end === null), {
    path: ['quiet_end'],
    error: 'Quiet hours have a start and an end, or neither.',
  })
  .meta({ id: 'PreferencesReplacement' });
export type PreferencesReplacement = z.infer<typeof PreferencesReplacement>;
