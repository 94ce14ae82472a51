import { databaseVersion } from '../../db/admin/overview.ts';
import type { AdminHealth } from '../../domain/admin/overview.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import { checkReadiness } from '../check-readiness.ts';
import type { AdminContext } from '../enter-admin.ts';

/** Each part and how it is, with the versions of what serves. */
export async function checkHealth(ctx: AdminContext): Promise<AdminHealth> {
  const { version } = await askAsAdmin(ctx, databaseVersion(ctx.db));
  const readiness = await checkReadiness(ctx);
  return {
    ...readiness,
    release: ctx.settings.release,
    runtime: globalThis.navigator.userAgent,
    database_version: version,
  };
}
