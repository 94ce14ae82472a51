import * as z from 'zod';
import { optional, words } from '../domain/environment.ts';

const DatabaseUrl = z.string().startsWith('postgres');

const Environment = z.object({
  /** Neon's pooled endpoint. */
  DATABASE_URL: DatabaseUrl,
  /** `direct` goes past the pooler, for the time when it is what has failed. */
  DATABASE_PATH: z.enum(['pooler', 'direct']).default('pooler'),
  /** Where the direct way leads, if not to the pooler's host without `-pooler`, as Neon names them. */
  DATABASE_DIRECT_URL: optional(DatabaseUrl),
  PORT: z.coerce.number().int().min(0).max(65535).default(8788),
  HOST: z.string().default('0.0.0.0'),
  /** Connections opened and pinged in parallel at boot, so that no request pays for a handshake. */
  POOL_WARM: z.coerce.number().int().min(0).max(100).default(4),
  POOL_MAX: z.coerce.number().int().min(1).max(500).default(20),
  /** So many requests are answered at once; what comes beyond them is refused at once. */
  MAX_AT_ONCE: z.coerce.number().int().min(1).max(10_000).default(200),
  SITE_FOLDER: z.string().default('.build/site'),
  /** By these names of this server the dashboard is served; none: nowhere. */
  ADMIN_HOSTS: words,
  DASHBOARD_FOLDER: z.string().default('admin-pages/dist'),
  /** Whether the API polls and works off what takes long as well. Not where `origin/worker.ts` does that. */
  POLL: z.stringbool().default(true),
  /** How long requests are still taken after the process is told to stop, until everybody has heard that it leaves. */
  LINGER_S: z.coerce.number().int().min(0).max(60).default(0),
  /** How long work under way may take to its end when the process is told to stop; then it is given back. */
  DRAIN_S: z.coerce.number().int().min(0).max(3600).default(30),
});
export type OriginSettings = z.infer<typeof Environment>;

/** The origin's environment, checked once; a missing setting ends the process at its door and not a request later. */
export function parseEnvironment(env: NodeJS.ProcessEnv): OriginSettings {
  const settings = Environment.parse(env);
  const { DATABASE_URL, DATABASE_PATH, DATABASE_DIRECT_URL } = settings;
  if (DATABASE_PATH === 'pooler') return settings;
  return { ...settings, DATABASE_URL: DATABASE_DIRECT_URL ?? pastThePooler(DATABASE_URL) };
}

function pastThePooler(pooled: string): string {
  const url = new URL(pooled);
  const direct = url.hostname.replace(/^([^.]+)-pooler\./, '$1.');
  if (direct === url.hostname) throw new Error('DATABASE_URL names no pooler of Neon: give DATABASE_DIRECT_URL.');
  url.hostname = direct;
  return url.href;
}
