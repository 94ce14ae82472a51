import { AwsV4Signer } from 'aws4fetch';

/** Where files are kept, who we are there, and how long we wait. */
export type Bucket = {
  /** `https://s3.us-east-005.backblazeb2.com`; B2 answers only in the region that its host names. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** For a question and its answer, every try included. */
  ask_ms: number;
  /** For sending a body of up to one part, every try included. */
  send_ms: number;
  /** For the next bytes of a body that is read. */
  idle_ms: number;
  /** Of whoever asks. Said in a header that is not signed. */
  traceparent?: string;
};

export type Ask = {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** None: the bucket itself. */
  key?: string;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
};

/** Derived once a day from the secret; by its secret, day and region. */
const signingKeys = new Map<string, ArrayBuffer>();

/** Signs in the headers. Never `accept-encoding`, which Cloudflare changes on the way. */
export async function signed(bucket: Bucket, { method, headers = {}, body, ...place }: Ask) {
  const signer = new AwsV4Signer({
    ...credentials(bucket),
    method,
    url: addressOf(bucket, place),
    headers,
    ...(body && { body }),
  });
  const request = await signer.sign();
  return { url: request.url.href, headers: request.headers };
}

/** Signs in the URL, and with it every header that is given: what is sent must have them, to the letter. */
export async function presigned(bucket: Bucket, { method, headers = {}, ...place }: Ask, expires_s: number) {
  const url = new URL(addressOf(bucket, place));
  url.searchParams.set('X-Amz-Expires', String(expires_s));
  const signer = new AwsV4Signer({
    ...credentials(bucket),
    method,
    url: url.href,
    headers,
    signQuery: true,
    allHeaders: true,
  });
  return (await signer.sign()).url.href;
}

const credentials = ({ accessKeyId, secretAccessKey, region }: Bucket) => ({
  accessKeyId,
  secretAccessKey,
  region,
  service: 's3',
  cache: signingKeys,
});

function addressOf({ endpoint, bucket }: Bucket, { key, query = {} }: Pick<Ask, 'key' | 'query'>): string {
  const path = key === undefined ? `/${bucket}` : `/${bucket}/${key.split('/').map(encoded).join('/')}`;
  const url = new URL(path, endpoint);
  // A part of `..` would lead to another file, and there is no way to write it that does not.
  if (url.pathname !== path) throw new Error('A key has parts that no URL can name.');
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

const encoded = (part: string): string =>
  encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
