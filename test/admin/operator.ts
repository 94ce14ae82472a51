import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { putAdmin } from '../../dev/admins.ts';
import type { AdminRole } from '../../domain/admin/account.ts';
import { newToken, sha256 } from '../../domain/session.ts';
import { totpCode } from '../../domain/totp.ts';
import type { AdminContext } from '../../usecases/enter-admin.ts';
import type { Ports } from '../../usecases/ports.ts';
import { ownerUrl } from '../database.ts';
import { NOW, type World } from '../home.ts';

/** As a page of the dashboard sends it. */
export const FROM_DASHBOARD = {
  origin: 'https://admin.example.com',
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
} as const;

export type Operator = Awaited<ReturnType<typeof operator>>;

/** Somebody who runs honeyDue, not signed in yet. */
export async function operator(world: World, role: AdminRole = 'admin') {
  const email = `${role}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const client = new Client({ connectionString: ownerUrl(world.name) });
  await client.connect();
  try {
    const [signing_key] = world.ports.settings.signing_keys;
    const shown = await putAdmin(client, signing_key, { email, name: 'Ada', role }, world.ports.passwords.hash);
    return { email, ...shown };
  } finally {
    await client.end();
  }
}

type Sending = { headers?: Record<string, string>; ports?: Partial<Ports> };

/** Sends a request as the dashboard would, with somebody's cookie or without. */
export const asAdmin = (
  world: World,
  method: string,
  path: string,
  cookie: string | null,
  body?: unknown,
  more: Sending = {},
) => {
  const isSafe = method === 'GET' || method === 'HEAD';
  const headers = { ...(!isSafe && FROM_DASHBOARD), ...(cookie && { cookie }), ...more.headers };
  return world.send(method, `/api/admin/${path}`, null, body, {
    ports: { address: '198.51.100.9', ...more.ports },
    headers,
  });
};

export const cookieOf = (token: string): string => `__Host-honeydue_admin=${token}`;

/** A session made past the API, confirmed just now. */
export async function signedIn(world: World, role: AdminRole = 'admin') {
  const token = newToken();
  const [{ admin_id }] = await world.rows(
    `with admin as (insert into admin_user (email, name, role, password_hash, totp_secret)
       values (gen_random_uuid() || '@example.com', 'Ada', $1, '-', '-') returning id)
     insert into admin_session (admin_id, digest) select id, $2 from admin returning admin_id::int`,
    [role, sha256(token)],
  );
  return { cookie: cookieOf(token), admin_id: admin_id as number };
}

/** What a use case of an admin gets who is signed in so. */
export const contextOf = (world: World, cookie: string): AdminContext => ({
  ...world.ports,
  meter: { trips: 0, db_ms: 0, auth_ms: 0 },
  request_id: 'operator',
  traceparent: '',
  user_agent: null,
  app_version: null,
  session: { digest: digestOf(cookie) },
});

/** The code of an authenticator, so many steps from now. */
export const codeOf = ({ totp_secret }: Operator, steps = 0): string =>
  totpCode(totp_secret, new Date(Date.parse(NOW) + steps * 30_000).toISOString());

export const digestOf = (cookie: string): string =>
  createHash('sha256')
    .update(cookie.split('=')[1] ?? '')
    .digest('hex');
