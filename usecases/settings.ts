import * as z from 'zod';
import type { Settings } from './ports.ts';

/** Separated by commas, the one that signs first. */
const words = (list: string): string[] => list.split(',').filter((word) => word !== '');

const SigningKey = z.string().min(32);

const Raw = z.object({
  VERIFIED_ONLY: z.enum(['true', 'false']).default('true'),
  CORS_ORIGINS: z.string().default(''),
  RELEASE: z.string().default('dev'),
  SIGNING_KEYS: z
    .string()
    .transform(words)
    .pipe(z.tuple([SigningKey], SigningKey)),
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, '')),
});

/** An operator's settings, from the edge's bindings or the origin's environment. */
export function parseSettings(env: Record<string, unknown>): Settings {
  const { VERIFIED_ONLY, CORS_ORIGINS, RELEASE, SIGNING_KEYS, PUBLIC_URL } = Raw.parse(env);
  return {
    verified_only: VERIFIED_ONLY === 'true',
    cors_origins: words(CORS_ORIGINS),
    signing_keys: SIGNING_KEYS,
    public_url: PUBLIC_URL,
    release: RELEASE,
  };
}
