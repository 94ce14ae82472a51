import * as z from 'zod';
import type { Settings } from './ports.ts';

const Raw = z.object({
  VERIFIED_ONLY: z.enum(['true', 'false']).default('true'),
  CORS_ORIGINS: z.string().default(''),
  RELEASE: z.string().default('dev'),
});

/** An operator's settings, from the edge's bindings or the origin's environment. */
export function parseSettings(env: Record<string, unknown>): Settings {
  const { VERIFIED_ONLY, CORS_ORIGINS, RELEASE } = Raw.parse(env);
  return {
    verified_only: VERIFIED_ONLY === 'true',
    cors_origins: CORS_ORIGINS.split(',').filter((origin) => origin !== ''),
    release: RELEASE,
  };
}
