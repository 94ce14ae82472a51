/** What is kept of a feed's address. Its signature follows from this and a signing key; this alone opens nothing. */
export type FeedSeed = { id: number; nonce: string };

const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const encoder = new TextEncoder();

export const newNonce = (): string => crypto.randomUUID();

/** The last part of a feed's address: its id and its signature. */
export async function feedName(seed: FeedSeed, signing_key: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await keyOf(signing_key), signed(seed));
  const text = btoa(String.fromCharCode(...new Uint8Array(signature)));
  return `${seed.id}.${text.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')}.ics`;
}

/** The two parts of a feed's name; null if it cannot be one. */
export function parseFeedName(name: string): { id: number; signature: Uint8Array<ArrayBuffer> } | null {
  const [, id, text] = /^([1-9]\d{0,14})\.([\w-]{43})\.ics$/.exec(name) ?? [];
  if (id === undefined || text === undefined) return null;
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return { id: Number(id), signature: Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)) };
}

/** Whether one of the keys signed it. */
export async function isSigned(seed: FeedSeed, signature: Uint8Array<ArrayBuffer>, signing_keys: string[]) {
  for (const key of signing_keys) {
    if (await crypto.subtle.verify('HMAC', await keyOf(key), signature, signed(seed))) return true;
  }
  return false;
}

const signed = ({ id, nonce }: FeedSeed) => encoder.encode(`calendar|${id}|${nonce}`);

const keyOf = (signing_key: string) =>
  crypto.subtle.importKey('raw', encoder.encode(signing_key), HMAC, false, ['sign', 'verify']);
