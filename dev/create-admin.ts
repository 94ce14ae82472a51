// npm run admin:create -- --email ada@example.com --name 'Ada Admin' [--role support] [--password …]
// Makes an admin, or gives one who lost their phone everything anew. `--disable` turns one away instead.
// For the database of MIGRATE_DATABASE_URL and the first of SIGNING_KEYS; without them, for the running local stack.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AdminRole } from '../domain/admin/account.ts';
import { totpUrl } from '../domain/totp.ts';
import { Email, Password } from '../domain/user.ts';
import { disableAdmin, putAdmin } from './admins.ts';
import { withClient } from './database.ts';
import { localVars } from './edge.ts';

const STACK = resolve(
  fileURLToPath(new URL('..', import.meta.url)),
  process.env.HONEYDUE_LOCAL ?? '.local',
  'stack.json',
);

const { values } = parseArgs({
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string', default: 'admin' },
    password: { type: 'string' },
    disable: { type: 'boolean', default: false },
  },
});
const email = Email.parse(values.email).toLowerCase();
const { url, signing_key } = process.env.MIGRATE_DATABASE_URL ? ofEnvironment() : ofLocalStack();

await withClient(url, async (client) => {
  if (values.disable) {
    console.log((await disableAdmin(client, email)) ? `${email} is turned away from now on.` : `${email} is no admin.`);
    return;
  }
  const shown = await putAdmin(client, signing_key, {
    email,
    name: values.name ?? email,
    role: AdminRole.parse(values.role),
    ...(values.password && { password: Password.parse(values.password) }),
  });
  console.log(`None of this is shown again.\n\npassword        ${shown.password}`);
  console.log(`secret          ${shown.totp_secret}\nauthenticator   ${totpUrl(shown.totp_secret, email)}`);
  console.log(`recovery codes  ${shown.recovery_codes.join('\n                ')}`);
});

function ofEnvironment() {
  const signing_key = process.env.SIGNING_KEYS?.split(',')[0];
  if (!signing_key) throw new Error('SIGNING_KEYS is missing: the secret of the authenticator is encrypted under it.');
  return { url: process.env.MIGRATE_DATABASE_URL ?? '', signing_key };
}

function ofLocalStack() {
  if (!existsSync(STACK)) throw new Error('Name MIGRATE_DATABASE_URL and SIGNING_KEYS, or start the local stack.');
  return { url: JSON.parse(readFileSync(STACK, 'utf8')).database_url, signing_key: localVars().SIGNING_KEYS ?? '' };
}
