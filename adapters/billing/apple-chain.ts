import { type JsonWebKey, X509Certificate } from 'node:crypto';
import { extensionIds } from './certificate-extensions.ts';
import { Refused } from './refused.ts';

/** Between Apple's clock and what its certificates say. */
const MAX_SKEW_MS = 60_000;

/** Apple signs for every developer under the same root: only these say that the App Store did (1.2.840.113635.100.6…). */
const APP_STORE_LEAF = '2a864886f76364060b01'; // ….11.1
const APPLE_INTERMEDIATE = '2a864886f76364060201'; // ….2.1

/** Leaf, intermediate, root: as `x5c` has them, base64 of DER. */
export type Chain = [string, string, string];

/** The key of a leaf whose chain, at that time, leads to one of our roots. What the sender calls its root is not looked at. */
export function trustedKey([leaf64, intermediate64]: Chain, roots: readonly string[], at_ms: number): JsonWebKey {
  const leaf = parse(leaf64);
  const intermediate = parse(intermediate64);
  const root = roots.map((pem) => new X509Certificate(pem)).find((root) => isIssuedBy(intermediate, root));
  if (!root) throw new Refused('The chain leads to no root that we trust.');
  if (!isIssuedBy(leaf, intermediate)) throw new Refused('The leaf was not issued by the intermediate.');
  if (!extensionIds(leaf.raw).includes(APP_STORE_LEAF)) throw new Refused('The leaf is not of the App Store.');
  if (!extensionIds(intermediate.raw).includes(APPLE_INTERMEDIATE))
    throw new Refused('The intermediate is not for it.');
  for (const certificate of [leaf, intermediate, root]) {
    if (!isValidAt(certificate, at_ms)) throw new Refused('A certificate was not valid when this was signed.');
  }
  const key = leaf.publicKey.export({ format: 'jwk' });
  if (key.crv !== 'P-256') throw new Refused('The leaf’s key is of another kind.');
  return key;
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const isValidAt = ({ validFrom, validTo }: X509Certificate, at_ms: number): boolean =>
  Date.parse(validFrom) <= at_ms + MAX_SKEW_MS && at_ms - MAX_SKEW_MS <= Date.parse(validTo);

function parse(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch (cause) {
    throw new Refused('A certificate cannot be read.', { cause });
  }
}
