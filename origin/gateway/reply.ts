/** What Redis answered. An integer is its digits, since it may be larger than a number can say; text is bytes. */
export type Reply = Buffer | Integer | Error | null | Reply[];
type Integer = { digits: string };

/** As the client reads it back: it decodes every string but one "OK" that stands alone, which Upstash sends in clear. */
export const encodeResult = (reply: Reply, base64: boolean): string =>
  base64 && !(Buffer.isBuffer(reply) && reply.equals(OK)) ? encode(reply, 'base64') : encode(reply, 'utf8');

const OK = Buffer.from('OK');

/** By hand, for JSON.stringify has no way to write an integer beyond 2^53. */
function encode(reply: Reply, encoding: 'base64' | 'utf8'): string {
  if (reply === null) return 'null';
  if (Array.isArray(reply)) return `[${reply.map((each) => encode(each, encoding)).join(',')}]`;
  if (Buffer.isBuffer(reply)) return JSON.stringify(reply.toString(encoding));
  // Only inside an array: an error that is the whole answer has a status of its own.
  if (reply instanceof Error) return encode(Buffer.from(reply.message), encoding);
  return reply.digits;
}
