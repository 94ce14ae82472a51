import * as z from 'zod';

const Environment = z.object({
  /** Neon's pooled endpoint. */
  DATABASE_URL: z.string().startsWith('postgres'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8788),
  HOST: z.string().default('0.0.0.0'),
  /** Connections opened and pinged in parallel at boot, so that no request pays for a handshake. */
  POOL_WARM: z.coerce.number().int().min(0).max(100).default(4),
  POOL_MAX: z.coerce.number().int().min(1).max(500).default(20),
  SITE_FOLDER: z.string().default('.build/site'),
  /** Whether the API polls and works off what takes long as well. Not where `origin/worker.ts` does that. */
  POLL: z.stringbool().default(true),
  /** How long work under way may take to its end when the process is told to stop; then it is given back. */
  DRAIN_S: z.coerce.number().int().min(0).max(3600).default(30),
});
export type OriginSettings = z.infer<typeof Environment>;

/** The origin's environment, checked once; a missing setting ends the process at its door and not a request later. */
export const parseEnvironment = (env: NodeJS.ProcessEnv): OriginSettings => Environment.parse(env);
