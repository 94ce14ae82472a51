import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// npm run drill [-- --only faults|simulation|image --bodies 500 --runs 1000 --seed 4711]: the drill in full; with the seed that
// it printed, the same bodies and the same lives again.
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    bodies: { type: 'string', default: '500' },
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});
const { only, bodies, runs, seed } = flags;
const parts = {
  faults: { file: 'test/faults/drill.test.ts', asked: { DRILL_BODIES: bodies, DRILL_SEED: seed } },
  simulation: {
    file: 'test/simulation/simulation.test.ts',
    asked: { SIMULATION_RUNS: runs, SIMULATION_SEED: seed },
  },
};
// One after the other: the load is weighed on a machine that does nothing else.
const drilled = Object.entries(parts)
  .filter(([name]) => only === undefined || only === name)
  .map(([, { file, asked }]) => {
    const args = ['run', file, '--disableConsoleIntercept'];
    return spawnSync('vitest', args, { stdio: 'inherit', env: { ...process.env, ...asked } }).status ?? 1;
  });
if (only === undefined || only === 'image') {
  drilled.push(spawnSync('node', ['test/faults/image.ts'], { stdio: 'inherit' }).status ?? 1);
}
process.exit(Math.max(...drilled, drilled.length === 0 ? 1 : 0));
