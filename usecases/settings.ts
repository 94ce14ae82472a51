import * as z from 'zod';
import { baseUrl, optional, words } from '../domain/environment.ts';
import type { Settings } from './ports.ts';

const SigningKey = z.string().min(32);

const Raw = z.object({
  VERIFIED_ONLY: z.enum(['true', 'false']).default('true'),
  CORS_ORIGINS: words,
  ADMIN_ORIGINS: words,
  CONTACT_TO: optional(z.email()),
  RELEASE: z.string().default('dev'),
  /** The first signs. */
  SIGNING_KEYS: words.pipe(z.tuple([SigningKey], SigningKey)),
  PUBLIC_URL: baseUrl,
});

/** An operator's settings, from the edge's bindings or the origin's environment. */
export function parseSettings(env: Record<string, unknown>): Settings {
  const { VERIFIED_ONLY, CORS_ORIGINS, ADMIN_ORIGINS, RELEASE, SIGNING_KEYS, PUBLIC_URL, CONTACT_TO } = Raw.parse(env);
  return {
    verified_only: VERIFIED_ONLY === 'true',
    cors_origins: CORS_ORIGINS,
    admin_origins: ADMIN_ORIGINS,
    signing_keys: SIGNING_KEYS,
    public_url: PUBLIC_URL,
    contact_to: CONTACT_TO,
    release: RELEASE,
  };
}
