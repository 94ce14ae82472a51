import * as z from 'zod';
import { optional, pem, words } from '../domain/environment.ts';
import { EdgeSecrets } from '../workers/failover/settings.ts';

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
  /** `known`: the edge, by its signature, and Cloudflare, by our zone's certificate; `anyone` is for a developer's machine. */
  CALLERS: z.enum(['known', 'anyone']).default('known'),
  /** What the edge signs with. The first signs, all are believed. */
  EDGE_SECRETS: optional(EdgeSecrets),
  /** The authority of the certificate that Cloudflare shows, as PEM; several while it is changed. */
  ORIGIN_PULL_CA: optional(pem),
  /** By these names of this server the dashboard is served; none: nowhere. */
  ADMIN_HOSTS: words,
  DASHBOARD_FOLDER: z.string().default('admin-pages/dist'),
  /** Whether the API polls and works off what takes long as well. Not where `origin/worker.ts` does that. */
  POLL: z.stringbool().default(true),
  /** Where Prometheus comes for `/metrics`; not given: nothing is counted. */
  METRICS_PORT: optional(z.coerce.number().int().min(0).max(65535)),
  /** What the edge shows when it brings its counts. */
  METRICS_TOKEN: optional(z.string().min(24)),
  RELEASE: z.string().default('dev'),
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
