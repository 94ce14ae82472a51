import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Answer, startServer } from './local-server.ts';

type Alg = 'RS256' | 'ES256';
type Signing = { alg?: Alg; header?: Record<string, unknown>; key?: CryptoKey };

/** Somebody who signs identity tokens, publishes the public keys, and changes them when told to. */
export async function startIssuer(algs: readonly Alg[] = ['RS256']) {
  let trouble: Answer | undefined;
  let generation = 0;
  let pairs = await makePairs();

  async function makePairs() {
    generation += 1;
    return await Promise.all(
      algs.map(async (alg) => {
        const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
        const kid = `${alg}-${generation}`;
        return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
      }),
    );
  }

  const server = await startServer(() => trouble ?? { json: { keys: pairs.map(({ jwk }) => jwk) } });
  return {
    jwks_url: `${server.url}/keys`,
    /** How often the keys were asked for. */
    asked: () => server.asked.length,
    close: server.close,
    /** From now on its key server answers only this; nothing: all is well again. */
    fail: (answer?: Answer) => {
      trouble = answer;
    },
    rotate: async () => {
      pairs = await makePairs();
    },
    publicKey: () => pairs[0]?.jwk,
    async sign(claims: JWTPayload, { alg = algs[0] as Alg, header = {}, key }: Signing = {}): Promise<string> {
      const pair = pairs.find((pair) => pair.alg === alg);
      if (!pair) throw new Error(`This issuer has no ${alg} key.`);
      return await new SignJWT(claims)
        .setProtectedHeader({ alg, kid: pair.kid, ...header })
        .sign(key ?? pair.privateKey);
    },
  };
}

export type IssuerServer = Awaited<ReturnType<typeof startIssuer>>;
