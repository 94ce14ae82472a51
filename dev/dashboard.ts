import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unstable_readConfig } from 'wrangler';

const FOLDER = fileURLToPath(new URL('../admin-pages', import.meta.url));
export const DASHBOARD_SOURCES = `${FOLDER}/src`;

/** The dashboard as Pages serves it: its functions, bundled by wrangler, before its files, and the API behind a binding. */
export function dashboardWorker(port: number, api: string) {
  const { compatibility_date } = unstable_readConfig({ config: `${FOLDER}/wrangler.toml` });
  const contents = readFileSync(`${FOLDER}/generated/functions/index.js`, 'utf8');
  return {
    name: 'honeydue-admin',
    modules: [{ type: 'ESModule' as const, path: 'functions.js', contents }],
    ...(compatibility_date && { compatibilityDate: compatibility_date }),
    serviceBindings: { API: api },
    assets: {
      directory: `${FOLDER}/dist`,
      binding: 'ASSETS',
      // What is not there is a page of the app.
      assetConfig: { not_found_handling: 'single-page-application' as const },
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port }],
  };
}
