import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// npm run drill [-- --bodies 500 --seed 4711]: the drill in full; with the seed that it printed, the same bodies again.
const { values: flags } = parseArgs({
  options: {
    bodies: { type: 'string', default: '500' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});
const env = { ...process.env, DRILL_BODIES: flags.bodies, DRILL_SEED: flags.seed };
const args = ['run', 'test/faults/drill.test.ts', '--disableConsoleIntercept'];
const { status } = spawnSync('vitest', args, { stdio: 'inherit', env });
process.exit(status ?? 1);
