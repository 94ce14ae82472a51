import { importPKCS8, SignJWT } from 'jose';
import * as z from 'zod';
import type { ServiceAccount } from '../domain/service-account.ts';

const ASSERTION_LIFE_S = 3600;
/** A token is used until this long before its end. */
const MARGIN_S = 60;

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.int().positive() });
type TokenAnswer = z.infer<typeof TokenAnswer>;

/** Sends a form and answers with JSON of that shape; the caller's own way of asking, with its own errors. */
export type AskForToken = (url: string, init: RequestInit, answer: z.ZodType<TokenAnswer>) => Promise<TokenAnswer>;

/** Values only: workerd lets no request wait for another one's promise. */
const kept = new Map<string, { token: string; until_ms: number }>();

const keyOf = ({ client_email, token_uri }: ServiceAccount, scope: string) => `${token_uri} ${client_email} ${scope}`;

/** An access token of a service account: made by a signed assertion (RFC 7523), kept until it ends. */
export async function accessToken(
  account: ServiceAccount,
  scope: string,
  now: string,
  ask: AskForToken,
): Promise<string> {
  const now_ms = Date.parse(now);
  const known = kept.get(keyOf(account, scope));
  if (known && known.until_ms > now_ms) return known.token;
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: await assertion(account, scope, Math.floor(now_ms / 1000)),
  };
  const init = { method: 'POST', body: new URLSearchParams(form) };
  const { access_token, expires_in } = await ask(account.token_uri, init, TokenAnswer);
  kept.set(keyOf(account, scope), { token: access_token, until_ms: now_ms + (expires_in - MARGIN_S) * 1000 });
  return access_token;
}

/** For a token that was refused before its time. */
export function forgetToken(account: ServiceAccount, scope: string): void {
  kept.delete(keyOf(account, scope));
}

async function assertion(account: ServiceAccount, scope: string, issued_s: number): Promise<string> {
  const { client_email, private_key, token_uri } = account;
  return await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(client_email)
    .setAudience(token_uri)
    .setIssuedAt(issued_s)
    .setExpirationTime(issued_s + ASSERTION_LIFE_S)
    .sign(await importPKCS8(private_key, 'RS256'));
}
