import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/**
 * Most tests speak with the application through test/home.ts and leave nothing behind in it: their files share what is
 * loaded, since loading it anew took each of them longer than its tests.
 */
const TOGETHER = [
  'test/{accounts,adapters,admin,contact,failover,jobs,push,subscriptions,telemetry,uploads}/**/*.test.ts',
  'test/cache/!(edge).test.ts',
  'test/!(readme|deploy*|restore|backup|shift|settle|kill-points|plans-search|layers).test.ts',
];

/** Longest first, or a clone that has no record of the last run ends with one of them alone. */
const LONGEST = /browser\/admin|readme|faults\/drill|deploy|tenancy|simulation|runtimes|reminders|switches|plans/;

class LongestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: (typeof files)[number]) => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const common = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/global.ts'],
    reporters: ['default', './test/reporter.ts'],
    // One more than a small machine has processors: most of them wait, for a database or a browser.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'alone',
          include: ['**/*.test.ts'],
          exclude: [...configDefaults.exclude, '.local', '.build', ...TOGETHER],
        },
      },
      { test: { ...common, name: 'together', include: TOGETHER, isolate: false } },
    ],
  },
});
