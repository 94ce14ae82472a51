import { isIP } from 'node:net';
import type { ClientConfig } from 'pg';
import { Refusal } from './refusal.ts';

const ENCRYPTED = ['prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * What `pg` needs to connect. Reads a few known parameters only: pg's own reader would also open files that a
 * connection string names, and these come with requests.
 */
export function connectionConfig(connectionString: string): ClientConfig {
  const url = URL.parse(connectionString);
  if (url === null) throw new Refusal(400, 'invalid connection string: not a URL');
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw new Refusal(400, 'incorrect scheme');
  const database = decoded(url.pathname.split('/')[1] ?? '');
  if (database === '') throw new Refusal(400, 'missing database name');
  const user = decoded(url.username);
  if (user === '') throw new Refusal(400, 'missing username');
  const password = decoded(url.password);
  if (password === '') throw new Refusal(400, 'missing authentication credentials: required password');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw new Refusal(400, 'missing hostname');

  const application_name = url.searchParams.get('application_name');
  const options = url.searchParams.get('options');
  return {
    ...{ host, port: url.port === '' ? 5432 : Number(url.port), user, password, database },
    ssl: isEncrypted(url.searchParams.get('sslmode'), host),
    enableChannelBinding: url.searchParams.get('channel_binding') === 'require',
    // The driver's own mark is dropped: it would part its connections from those that were warmed for it.
    ...(application_name !== null && !application_name.startsWith('pkg:npm/') && { application_name }),
    ...(options !== null && { options }),
  };
}

/** Always with the certificate verified. The hosted service encrypts whatever the string says, so silence means yes. */
function isEncrypted(sslmode: string | null, host: string): boolean {
  if (sslmode !== null) return ENCRYPTED.includes(sslmode);
  return !(host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new Refusal(400, 'invalid connection string: not UTF-8 under its percent signs', { cause });
  }
}
