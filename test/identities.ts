import type { JWTPayload } from 'jose';
import { afterAll } from 'vitest';
import { remoteIdentities } from '../adapters/identity.ts';
import type { IdentityProvider, VerifyIdentity } from '../domain/identity.ts';
import { type IssuerServer, startIssuer } from './adapters/issuer.ts';

const ISSUERS = { apple: ['https://appleid.apple.com'], google: ['https://accounts.google.com'] };
const AUDIENCE = 'app.honeydue';

/** Started by the first test that signs in with it: a server that publishes real keys, and signs with them. */
let issuer: Promise<IssuerServer> | undefined;
const theIssuer = () => (issuer ??= startIssuer(['RS256']));

afterAll(async () => {
  await (await issuer)?.close();
});

/** The real verifier, whose Apple and Google are the local issuer. */
export const verifyIdentity: VerifyIdentity = async (...args) => {
  const { jwks_url } = await theIssuer();
  const at = (provider: IdentityProvider) => ({ jwks_url, issuers: ISSUERS[provider], audiences: [AUDIENCE] });
  return await remoteIdentities({ apple: at('apple'), google: at('google') })(...args);
};

/** An identity token given out at `now`, of an address that is verified unless the claims say otherwise. */
export async function identityToken(provider: IdentityProvider, now: string, claims: JWTPayload): Promise<string> {
  const issued = Math.floor(Date.parse(now) / 1000);
  const times = { iat: issued, exp: issued + 600 };
  const { sign } = await theIssuer();
  return await sign({ iss: ISSUERS[provider][0], aud: AUDIENCE, email_verified: true, ...times, ...claims });
}
