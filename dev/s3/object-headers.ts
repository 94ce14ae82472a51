import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';

const METADATA_BYTES_MAX = 2048;
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

/** Headers with `x-amz-` that B2 takes, with the values that mean something to it. */
const TAKEN: Record<string, RegExp> = {
  'x-amz-acl': /^private$/,
  'x-amz-content-sha256': /^/,
  'x-amz-copy-source': /^/,
  'x-amz-copy-source-if-match': /^/,
  'x-amz-copy-source-if-modified-since': /^/,
  'x-amz-copy-source-if-none-match': /^/,
  'x-amz-copy-source-if-unmodified-since': /^/,
  'x-amz-date': /^/,
  'x-amz-metadata-directive': /^(COPY|REPLACE)$/,
  'x-amz-server-side-encryption': /^AES256$/,
  'x-amz-storage-class': /^STANDARD$/,
  'x-amz-user-agent': /^/,
};

/** Refuses the headers that B2 refuses where S3 does not: checksums above all, conditions on writes, aws-chunked. */
export function refuseUnsupported({ method, headers, query }: S3Request): void {
  for (const [name, value] of headers) {
    if (!name.startsWith('x-amz-') || name.startsWith('x-amz-meta-')) continue;
    const taken = TAKEN[name];
    if (!taken) throw new S3Error('InvalidArgument', `Unsupported header '${name}' received for this API call.`);
    if (!taken.test(value)) throw new S3Error('InvalidArgument', `Unsupported value for header '${name}'`);
  }
  for (const name of query.keys()) {
    // Where the AWS SDK puts them when it presigns.
    if (/^x-amz-(checksum-|sdk-checksum)/i.test(name)) {
      throw new S3Error('InvalidArgument', `Unsupported header '${name}' received for this API call.`);
    }
  }
  const isWrite = method === 'PUT' || method === 'POST';
  const isConditional = headers.has('if-match') || headers.has('if-none-match');
  const isChunked = /\baws-chunked\b/i.test(headers.get('content-encoding') ?? '');
  if (isWrite && (isConditional || isChunked)) throw new S3Error('NotImplemented');
}

/** The headers of a write that are kept and given back by a read. */
export function keptHeaders({ headers }: S3Request): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'application/octet-stream' };
  let metadataBytes = 0;
  for (const [name, value] of headers) {
    if (name.startsWith('x-amz-meta-')) metadataBytes += name.length - 'x-amz-meta-'.length + value.length;
    else if (!KEPT.some((known) => known === name)) continue;
    kept[name] = value;
  }
  if (metadataBytes > METADATA_BYTES_MAX) throw new S3Error('MetadataTooLarge');
  return kept;
}

/** What `response-content-type` and its kin put in place of the kept headers. */
export function overridingHeaders({ query }: S3Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of KEPT) {
    const value = query.get(`response-${name}`);
    if (value === undefined) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw new S3Error('InvalidArgument', `Bad value of response-${name}`);
    headers[name] = value;
  }
  return headers;
}
