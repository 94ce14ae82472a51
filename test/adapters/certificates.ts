import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { type CompactJWSHeaderParameters, CompactSign, type CryptoKey } from 'jose';

export const APP_STORE_LEAF = '1.2.840.113635.100.6.11.1';
export const APPLE_INTERMEDIATE = '1.2.840.113635.100.6.2.1';
export const MAY_ISSUE = x509.KeyUsageFlags.keyCertSign;
export const MAY_SIGN = x509.KeyUsageFlags.digitalSignature;
const DER_NULL = [5, 0];

export const extension = (id: string, value: number[]) => new x509.Extension(id, false, new Uint8Array(value));

export type Validity = { from?: string; to?: string };
type Certified = { certificate: x509.X509Certificate; keys: CryptoKeyPair };
type CryptoKeyPair = { publicKey: CryptoKey; privateKey: CryptoKey };

type Options = {
  name: string;
  issuer?: Certified | undefined;
  curve?: 'P-256' | 'P-384';
  is_authority?: boolean;
  /** What its key may do, if not what its kind does. */
  usage?: number;
  marker?: string | null;
  more?: x509.Extension[];
  validity?: Validity;
};

/** A certificate like Apple's: authorities on P-384, leaves on P-256, and an empty extension that says what for. */
export async function certify(options: Options): Promise<Certified> {
  const { name, issuer, curve = 'P-384', is_authority = true, marker, more = [], validity = {} } = options;
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: curve }, true, ['sign', 'verify']);
  const { usage = is_authority ? MAY_ISSUE : MAY_SIGN } = options;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-384' },
    notBefore: new Date(validity.from ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(validity.to ?? '2027-01-01T00:00:00Z'),
    extensions: [
      new x509.BasicConstraintsExtension(is_authority, undefined, true),
      new x509.KeyUsagesExtension(usage, true),
      ...(marker ? [extension(marker, DER_NULL)] : []),
      ...more,
    ],
  });
  return { certificate, keys };
}

export type Chain = { root: Certified; intermediate: Certified; leaf: Certified };
type Changes = { [K in keyof Chain]?: Partial<Options> };

/** The App Store's own three: root, intermediate, leaf; or with something changed. */
export async function makeChain(changes: Changes = {}, root?: Certified): Promise<Chain> {
  const top = root ?? (await certify({ name: 'Test Root CA', ...changes.root }));
  const middle = { name: 'Test WWDR', issuer: top, marker: APPLE_INTERMEDIATE, ...changes.intermediate };
  const intermediate = await certify(middle);
  const bottom = {
    name: 'Test Receipt Signing',
    issuer: intermediate,
    curve: 'P-256',
    marker: APP_STORE_LEAF,
  } as const;
  const leaf = await certify({ ...bottom, is_authority: false, ...changes.leaf });
  return { root: top, intermediate, leaf };
}

export const pem = ({ certificate }: Certified): string => certificate.toString('pem');
export const base64 = ({ certificate }: Certified): string => Buffer.from(certificate.rawData).toString('base64');
export const x5cOf = ({ leaf, intermediate, root }: Chain): string[] => [leaf, intermediate, root].map(base64);

/** As the App Store signs. */
export async function signJws(
  chain: Chain,
  payload: object,
  header: Partial<CompactJWSHeaderParameters> = {},
): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', x5c: x5cOf(chain), ...header })
    .sign(chain.leaf.keys.privateKey);
}
