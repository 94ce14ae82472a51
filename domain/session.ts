import { sha256 as sha256Now } from '@noble/hashes/sha2.js';
import * as z from 'zod';
import { hex } from './hmac.ts';

const PREFIX = 'hd_';
const TOKEN_BYTES = 32;
/** Below it, handing bytes over to the system's own digest and back takes longer than the digest. */
const SHORT_BYTES = 1024;

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
export async function sha256(value: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes.length < SHORT_BYTES) return hex(sha256Now(bytes));
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

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
