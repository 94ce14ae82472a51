import { bucketFrom } from '../../adapters/files/settings.ts';
import { b2Files } from '../../adapters/files.ts';
import type { Log } from '../../usecases/ports.ts';
import { backUp } from './back-up.ts';
import { parseBackupSettings } from './settings.ts';

// The nightly backup (deploy/k3s/base/backup.yaml). Fails with the process: the job shows it, and is tried again.
const log: Log = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));
const settings = parseBackupSettings(process.env);
await backUp(settings, { files: b2Files(bucketFrom(process.env)), now: () => new Date().toISOString(), log });
