import { hmac } from '../../domain/hmac.ts';
import type { Context } from '../ports.ts';

/**
 * The same request, for a body with a password in it. A plain hash of the body would let whoever reads the table of keys
 * guess the password at full speed; this one needs our key as well.
 */
export async function sealed(ctx: Context): Promise<Context> {
  if (!ctx.key) return ctx;
  const fingerprint = await hmac(ctx.settings.signing_keys[0], `fingerprint|${ctx.key.fingerprint}`);
  return { ...ctx, key: { ...ctx.key, fingerprint } };
}
