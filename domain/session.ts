import { createHash } from 'node:crypto';
import * as z from 'zod';

const PREFIX = 'hd_';
const TOKEN_BYTES = 32;

/** 256 random bits. What is kept is the digest alone. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return (
    PREFIX +
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  );
}

/** SHA-256 in lower-case hex. */
export const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');

/** The token of an Authorization header; tokens that came with older data have no prefix. */
export function tokenFrom(header: string | undefined): string | null {
  return /^(?:token|bearer) +([\w-]{16,128})$/i.exec(header ?? '')?.[1] ?? null;
}

/** A device that is signed in. */
export const Session = z
  .object({
    id: z.int(),
    device_name: z.string().nullable(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    is_current: z.boolean().describe('The one that asks'),
    last_used_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Session' });
