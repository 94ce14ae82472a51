import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const DAY_MS = 24 * 3600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export type Certificate = { key: string; cert: string; ca: string };

let made: Promise<Certificate> | undefined;

/** For this machine's loopback, one for a process. Only who is told to believe `ca` believes it. */
export const localCertificate = (): Promise<Certificate> => {
  made ??= make();
  return made;
};

async function make(): Promise<Certificate> {
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) };
  const usual = { ...validity, signingAlgorithm: ALGORITHM };
  const [above, own] = await Promise.all([newKeys(), newKeys()]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...usual,
    name: 'CN=A root for this machine',
    keys: above,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...usual,
    subject: 'CN=127.0.0.1',
    issuer: ca.subject,
    publicKey: own.publicKey,
    signingKey: above.privateKey,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = await crypto.subtle.exportKey('pkcs8', own.privateKey);
  return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), cert: leaf.toString('pem'), ca: ca.toString('pem') };
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
