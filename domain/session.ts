const PREFIX = 'hd_';
const TOKEN_BYTES = 32;

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
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The token of an Authorization header; tokens that came with older data have no prefix. */
export function tokenFrom(header: string | undefined): string | null {
  return /^(?:token|bearer) +([\w-]{16,128})$/i.exec(header ?? '')?.[1] ?? null;
}
