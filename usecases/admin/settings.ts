import { changeSettings, readSettings } from '../../db/admin/settings.ts';
import type { SettingsChange } from '../../domain/admin/settings.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

/** What turns every user away asks for a confirmation. */
export const editSettings = (ctx: AdminContext, change: SettingsChange) =>
  commitAsAdmin(ctx, {
    is_grave: change.is_read_only !== undefined || change.min_app_version !== undefined,
    changes: changeSettings(ctx.db, change),
    status: 200,
    answer: readSettings,
  });
