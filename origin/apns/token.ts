import { importPKCS8, SignJWT } from 'jose';

/** Apple takes a token for an hour, and wants it kept for nearly as long. */
const LIFE_MS = 50 * 60_000;
/** A new one before that is too many. */
const LEAST_LIFE_MS = 20 * 60_000;

export type ProviderKey = {
  team_id: string;
  key_id: string;
  /** PEM, PKCS #8: the .p8 file. */
  private_key: string;
};

/** The token by which Apple knows us, the same for all pushes of most of an hour. */
export function providerToken(key: ProviderKey) {
  let made: { token: Promise<string>; made_ms: number } | undefined;

  function current(now: string): Promise<string> {
    const now_ms = Date.parse(now);
    if (!made || now_ms - made.made_ms >= LIFE_MS) made = { token: sign(key, now_ms), made_ms: now_ms };
    return made.token;
  }

  /** After this one was called expired: a newer one, or null if it is too early for that. */
  async function instead(refused: string, now: string): Promise<string | null> {
    if (made && (await made.token) === refused) {
      if (Date.parse(now) - made.made_ms < LEAST_LIFE_MS) return null;
      made = undefined;
    }
    return await current(now);
  }

  return { current, instead };
}

async function sign({ team_id, key_id, private_key }: ProviderKey, now_ms: number): Promise<string> {
  return await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: key_id })
    .setIssuer(team_id)
    .setIssuedAt(Math.floor(now_ms / 1000))
    .sign(await importPKCS8(private_key, 'ES256'));
}
