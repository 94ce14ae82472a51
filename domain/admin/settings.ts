import * as z from 'zod';

const count = z.int().min(0).max(1_000_000).nullable();
const Limits = z.object({ residences: count, tasks: count, contractors: count, documents: count });

/** What an operator decides while everything runs. */
export const AdminSettings = z
  .object({
    is_read_only: z.boolean().describe('Users’ writes are answered 503 `read_only`; admins’ go on'),
    min_app_version: z
      .string()
      .max(30)
      .regex(/^\d{1,6}(\.\d{1,6}){0,3}$/, 'Must be a version like 3.2.0.')
      .nullable()
      .describe('Older apps are answered 426'),
    limitations_enabled: z.boolean().describe('Whether the limits of tiers are enforced'),
    trial_days: z.int().min(0).max(3650),
    tiers: z.object({ free: Limits, pro: Limits }).describe('Null is no limit'),
  })
  .meta({ id: 'AdminSettings' });
export type AdminSettings = z.infer<typeof AdminSettings>;

export const SettingsChange = AdminSettings.extend({
  tiers: z.object({ free: Limits.partial(), pro: Limits.partial() }).partial(),
})
  .partial()
  .meta({ id: 'AdminSettingsChange' });
export type SettingsChange = z.infer<typeof SettingsChange>;
