import * as z from 'zod';

/** Several at once while they are rotated, separated by commas or spaces. */
const Tokens = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((token) => token !== ''))
  .pipe(z.array(z.string().min(24, 'A token has at least 24 characters')));

const Environment = z.object({
  REDIS_URL: z.string().regex(/^rediss?:\/\//),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HOST: z.string().default('0.0.0.0'),
  GATEWAY_TOKEN: Tokens.pipe(z.array(z.string()).min(1)),
  /** Whoever has one of these may read and nothing else. */
  GATEWAY_READ_TOKEN: Tokens.prefault(''),
  GATEWAY_CONNECTIONS: z.coerce.number().int().min(1).max(500).default(20),
  /** What a request may take, waiting for a connection included. */
  GATEWAY_DEADLINE_MS: z.coerce.number().int().min(10).max(30_000).default(1000),
  /** How long requests under way may take to their end when the process is told to stop. */
  DRAIN_S: z.coerce.number().int().min(0).max(3600).default(10),
});

/** The gateway's environment, checked once, at its door. */
export const parseEnvironment = (env: NodeJS.ProcessEnv) => Environment.parse(env);
