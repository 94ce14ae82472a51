import { expect, test } from 'vitest';
import { crons } from '../dev/edge.ts';
import { CRONTAB, runScheduled } from '../queues/schedule.ts';

test('the crontab and wrangler.toml list the same times', () => {
  expect(crons().sort()).toEqual(Object.keys(CRONTAB).sort());
});

test('a time that nothing is scheduled at is a failure, not a silence', async () => {
  await expect(runScheduled('1 2 3 4 5', {} as never)).rejects.toThrow('Nothing is scheduled');
});
