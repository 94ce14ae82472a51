// npm run audit:verify
// Reads every archive of the audit log, for the storage and the database that the environment names; without any, for those
// of the running local stack. Ends with 1 if any file is not as it was made.
import { findFaults } from '../origin/audit/verify.ts';
import { environment, withReach } from './reach.ts';

await withReach(await environment(), async (reach) => {
  const walked = { archives: 0, rows: 0, read: 0 };
  let faults = 0;
  for await (const { key, why } of findFaults(reach, { walked })) {
    console.error(`${key} ${why}`);
    faults += 1;
  }
  console.log(`${walked.archives} archives, ${walked.rows} rows, ${walked.read} files read, ${faults} at fault`);
  if (faults > 0) process.exitCode = 1;
});
