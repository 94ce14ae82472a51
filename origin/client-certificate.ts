import { X509Certificate } from 'node:crypto';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Knows the client certificates that our own authority has issued, as Traefik hands on what it was shown: the base64 of
 * it, or of the whole chain with commas between; older ones escape it. That its client has the key Traefik has seen to.
 */
export function certificatesOf(authorities: string, now: () => number = Date.now): (header: string) => boolean {
  const ours = (authorities.match(PEM) ?? []).map((pem) => new X509Certificate(pem));
  if (ours.length === 0) throw new Error('ORIGIN_PULL_CA holds no certificate.');
  /** Cloudflare shows the same one each time. */
  let last = { header: '', from: 0, to: 0 };

  return (header) => {
    if (header !== last.header) {
      const shown = read(header);
      if (!shown || !ours.some((ca) => shown.checkIssued(ca) && shown.verify(ca.publicKey))) return false;
      last = { header, from: Date.parse(shown.validFrom), to: Date.parse(shown.validTo) };
    }
    return last.from <= now() && now() <= last.to;
  };
}

function read(header: string): X509Certificate | null {
  const [first = ''] = header.replaceAll('%2C', ',').split(',');
  try {
    return new X509Certificate(Buffer.from(decodeURIComponent(first), 'base64'));
  } catch {
    return null; // not a certificate, whatever it is
  }
}
