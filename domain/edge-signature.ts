import { hmac, isSameMac } from './hmac.ts';

/** What the edge says of a request that it hands to the origin, and what it signs. */
export type HandedOver = {
  method: string;
  /** As the client asked, its host included. */
  url: string;
  /** The client's. */
  address: string;
  /** Its Idempotency-Key; empty if there is none. */
  key: string;
  /** SHA-256 of the body, or `streamed`: of one that goes on as it comes nobody knows it yet. */
  digest: string;
};

export const STREAMED = 'streamed';
export const EDGE_HEADERS = {
  signature: 'x-edge-signature',
  url: 'x-edge-url',
  address: 'x-edge-address',
  digest: 'x-edge-digest',
} as const;

/** Clocks differ by that much at most. What was signed longer ago is nobody's any more. */
export const SIGNATURE_GOOD_S = 60;
const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/** Whether somebody claims that it comes from the edge. */
export const claimsTheEdge = (headers: Headers): boolean => headers.has(EDGE_HEADERS.signature);

export const signHandOver = async (secret: string, handed: HandedOver, now_ms: number): Promise<string> => {
  const at = String(Math.floor(now_ms / 1000));
  return `t=${at},v1=${await hmac(secret, textOf(at, handed))}`;
};

/** Whether one of the secrets has signed exactly this, and lately. */
export async function isHandedOver(
  secrets: readonly string[],
  signature: string,
  handed: HandedOver,
  now_ms: number,
): Promise<boolean> {
  const [, at = '', mac = ''] = SIGNATURE.exec(signature) ?? [];
  if (at === '' || Math.abs(now_ms / 1000 - Number(at)) > SIGNATURE_GOOD_S) return false;
  const macs = await Promise.all(secrets.map((secret) => hmac(secret, textOf(at, handed))));
  return macs.filter((ours) => isSameMac(ours, mac)).length > 0;
}

/** As JSON, so that no field runs into the next. */
const textOf = (at: string, { method, url, address, key, digest }: HandedOver): string =>
  JSON.stringify(['honeydue-edge', at, method, url, address, key, digest]);
