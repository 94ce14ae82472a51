import { bucketFrom } from '../../adapters/files/settings.ts';
import { b2Files } from '../../adapters/files.ts';
import { newLog } from '../../domain/telemetry/log.ts';
import { backUp } from './back-up.ts';
import { parseBackupSettings } from './settings.ts';
import { tellOf } from './tell.ts';

// The nightly backup (deploy/k3s/base/backup.yaml). Fails with the process: the job shows it, and is tried again.
const log = newLog(console.log);
const settings = parseBackupSettings(process.env);
const key = await backUp(settings, {
  files: b2Files(bucketFrom(process.env)),
  now: () => new Date().toISOString(),
  log,
});
await tellOf(process.env, new Date().toISOString()).catch((error) =>
  log('backup.not_told', { key, error: String(error) }),
);
