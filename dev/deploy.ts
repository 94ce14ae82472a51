import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import { smoke } from './smoke.ts';

const USAGE = 'Usage: npm run deploy -- --env production|staging [--dry-run [--skip-check]]';
const ENVIRONMENTS = ['production', 'staging'];
const OUTDIR = '.build/worker';
const root = fileURLToPath(new URL('..', import.meta.url));

/** A step that failed ends the release with its exit code. */
type Step = { name: string; run: () => number | Promise<number> };

const dashboard: Step = { name: 'build the dashboard', run: () => command('node', 'admin-pages/build.ts') };

const options = readOptions();
const steps = options.isDry ? rehearsal(options.env, options.skipsCheck) : await release(options.env);
for (const [index, step] of steps.entries()) {
  console.log(`\n[${index + 1}/${steps.length}] ${step.name}`);
  const code = await step.run();
  if (code !== 0) stop(`Stopped at “${step.name}”.`, code);
}
console.log(options.isDry ? '\nNothing was changed.' : `\nReleased to ${options.env}.`);

async function release(env: string): Promise<Step[]> {
  // Asked first: the release must not stop half-way for want of a variable.
  if (!process.env.MIGRATE_DATABASE_URL) {
    stop('MIGRATE_DATABASE_URL is missing: the owner’s connection string, direct and not through the pooler.');
  }
  const base = process.env.SMOKE_URL ?? (await addressOf(env));
  const branch = env === 'production' ? 'main' : env;
  const pages = ['pages', 'deploy', '--cwd', 'admin-pages', '--branch', branch];
  const name = process.env.RELEASE ?? described();
  const worker = ['deploy', '--env', env, '--var', `RELEASE:${name}`];
  return [
    { name: 'check', run: () => command('node', 'dev/check.ts') },
    dashboard,
    { name: 'migrate', run: () => command('node', 'dev/migrate.ts') },
    { name: `wrangler ${worker.join(' ')}`, run: () => command('wrangler', ...worker) },
    { name: `smoke ${base}`, run: () => isServing(base) },
    { name: `record release ${name}`, run: () => command('node', 'dev/record-release.ts', name) },
    // Last, for it asks what only the new Worker answers. Pages tells environments by branches.
    { name: `wrangler ${pages.join(' ')}`, run: () => command('wrangler', ...pages) },
  ];
}

/** What git calls the tree that is deployed. */
function described(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) stop('RELEASE is missing: how the release is called, where git cannot say it.');
  return stdout.trim();
}

function rehearsal(env: string, skipsCheck: boolean): Step[] {
  const check = { name: 'check', run: () => command('node', 'dev/check.ts') };
  const deploy = ['deploy', '--env', env, '--dry-run', '--outdir', OUTDIR];
  return [
    ...(skipsCheck ? [] : [check]),
    dashboard,
    { name: 'migrate (not connected)', run: sayMigrations },
    { name: `wrangler ${deploy.join(' ')}`, run: () => command('wrangler', ...deploy) },
  ];
}

function sayMigrations(): number {
  console.log('Would apply those of these that the database lacks, in one transaction:');
  for (const { tag } of journal.entries) console.log(`  ${tag}`);
  return 0;
}

async function isServing(base: string): Promise<number> {
  const { isFit, said } = await smoke(base);
  console.log(said);
  return isFit ? 0 : 1;
}

/** The first route of the environment in wrangler.toml. */
async function addressOf(env: string): Promise<string> {
  const { unstable_readConfig: readConfig } = await import('wrangler');
  const [route] = readConfig({ config: `${root}/wrangler.toml`, env }).routes ?? [];
  if (!route) stop(`wrangler.toml names no route for ${env}; set SMOKE_URL.`);
  const pattern = typeof route === 'string' ? route : route.pattern;
  return `https://${pattern.replace(/\/.*$/, '')}`;
}

function command(name: string, ...args: string[]): number {
  const { status, error } = spawnSync(name, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status ?? 1;
}

function readOptions(): { env: string; isDry: boolean; skipsCheck: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        env: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        'skip-check': { type: 'boolean', default: false },
      },
    });
    const { env = '', 'dry-run': isDry, 'skip-check': skipsCheck } = values;
    if (!ENVIRONMENTS.includes(env)) stop(`Unknown environment “${env}”. ${USAGE}`);
    if (skipsCheck && !isDry) stop(`A release is always checked. ${USAGE}`);
    return { env, isDry, skipsCheck };
  } catch (error) {
    stop(`${error instanceof Error ? error.message : error} ${USAGE}`);
  }
}

function stop(message: string, code = 1): never {
  console.error(message);
  process.exit(code);
}
