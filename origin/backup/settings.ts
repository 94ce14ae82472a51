import * as z from 'zod';

const Environment = z.object({
  /** Direct, not through the pooler: a dump is one long transaction. */
  BACKUP_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Who may read a backup: a public key of age. */
  BACKUP_RECIPIENT: z.string().startsWith('age1'),
});
export type BackupSettings = z.infer<typeof Environment>;

export const parseBackupSettings = (env: Record<string, unknown>): BackupSettings => Environment.parse(env);
