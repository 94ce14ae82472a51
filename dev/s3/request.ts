import { S3Error } from './error.ts';
import { decodeUri } from './uri.ts';

const KEY_BYTES_MAX = 1024;

/** A request as far as it can be read before its body, every part decoded. */
export type S3Request = {
  method: string;
  path: string;
  /** Empty for the service itself. */
  bucket: string;
  /** Empty for a bucket. */
  key: string;
  query: ReadonlyMap<string, string>;
  headers: ReadonlyMap<string, string>;
};

/** Reads the request line and headers as they came over the wire. */
export function readRequest(method: string, target: string, rawHeaders: readonly string[]): S3Request {
  if (!target.startsWith('/')) throw new S3Error('InvalidURI');
  const [rawPath = '', ...rawQuery] = target.split('?');
  const path = decodeUri(rawPath);
  const [bucket = '', ...rest] = path.slice(1).split('/');
  return {
    method,
    path,
    bucket,
    key: checkKey(rest.join('/')),
    query: readQuery(rawQuery.join('?')),
    headers: readHeaders(rawHeaders),
  };
}

/** Refuses what B2 refuses as a name of an object. */
export function checkKey(key: string): string {
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new S3Error('KeyTooLongError');
  if (/\p{Cc}|[\uFFFE\uFFFF]/u.test(key))
    throw new S3Error('InvalidArgument', 'Key must not contain control characters');
  return key;
}

function readQuery(query: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const [name = '', ...value] = part.split('=');
    const decoded = decodeUri(name);
    // Signers disagree on which of two they sign, so a second one could smuggle in what nobody signed.
    if (parts.has(decoded)) throw new S3Error('InvalidArgument', `Query parameter '${decoded}' is given twice`);
    parts.set(decoded, decodeUri(value.join('=')));
  }
  return parts;
}

function readHeaders(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    const value = (raw[i + 1] ?? '').trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}
