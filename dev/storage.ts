// npm run storage:set-up · npm run storage:reconcile [-- --dry-run] [-- --force]
// For the storage and the database that the environment names; without any, for those of the running local stack.
import { parseArgs } from 'node:util';
import { applyCors } from '../adapters/files/cors.ts';
import { applyLifecycle } from '../adapters/files/lifecycle.ts';
import { bucketFrom } from '../adapters/files/settings.ts';
import { reconcile } from '../usecases/storage/reconcile.ts';
import { environment, withReach } from './reach.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean', default: false }, force: { type: 'boolean', default: false } },
});
const env = await environment();
const bucket = bucketFrom(env);
console.log(`${bucket.endpoint}/${bucket.bucket}`);

if (positionals[0] === 'set-up') await setUp();
else if (positionals[0] === 'reconcile') await review();
else throw new Error('Say `set-up` or `reconcile`.');

async function setUp(): Promise<void> {
  await applyLifecycle(bucket);
  console.log('Old versions and unfinished uploads go after a day.');
  const origins = (env.CORS_ORIGINS ?? '').split(',').filter((origin) => origin !== '');
  if (origins.length > 0) await applyCors(bucket, origins);
  console.log(`Pages that may put files there: ${origins.join(', ') || 'none'}.`);
}

async function review(): Promise<void> {
  await withReach(env, async (reach) => {
    await reconcile(reach, { dry_run: options['dry-run'], force: options.force });
  });
}
