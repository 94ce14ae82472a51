import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// npm run drill [-- --only faults|failover|redis|rolling|simulation|image|alerts --bodies 500 --runs 1000 --seed 4711]: the drill
// in full; with the seed that it printed, the same bodies and the same lives again.
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    bodies: { type: 'string', default: '500' },
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
});
const { only, bodies, runs, seed } = flags;

type Part = { command: string[]; asked?: Record<string, string> };
const tests = (...args: string[]) => ['vitest', 'run', ...args, '--disableConsoleIntercept'];
const drill = 'test/faults/drill.test.ts';
const bodiesAsked = { DRILL_BODIES: bodies, DRILL_SEED: seed };
const PARTS: Record<string, Part> = {
  faults: { command: tests(drill, '-t', '^(?!failover)'), asked: bodiesAsked },
  failover: { command: tests(drill, '-t', '^failover'), asked: bodiesAsked },
  redis: { command: tests('test/faults/redis.test.ts'), asked: { DRILL_REDIS: 'full' } },
  rolling: { command: ['node', 'test/faults/rolling.ts'] },
  simulation: {
    command: tests('test/simulation/simulation.test.ts'),
    asked: { SIMULATION_RUNS: runs, SIMULATION_SEED: seed },
  },
  image: { command: ['node', 'test/faults/image.ts'] },
  alerts: { command: ['node', 'test/faults/alerts.ts'] },
};

if (only !== undefined && !PARTS[only]) throw new Error(`There is no part ${only}: ${Object.keys(PARTS).join(', ')}.`);
// One after the other: the load is weighed on a machine that does nothing else.
const ended = Object.entries(PARTS)
  .filter(([name]) => only === undefined || only === name)
  .map(
    ([
      name,
      {
        command: [program = '', ...args],
        asked,
      },
    ]) => {
      console.log(`\n── ${name} ──`);
      return spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...asked } }).status ?? 1;
    },
  );
process.exit(Math.max(...ended));
