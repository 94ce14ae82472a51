import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** What a request says about who signed it, when, and what; nothing of it is verified. */
export type Claim = {
  place: 'header' | 'query';
  accessKeyId: string;
  /** Day, region, service and `aws4_request`. */
  scope: { day: string; region: string; service: string; end: string };
  timestamp: string;
  signedHeaders: string[];
  signature: string;
  payloadHash: string;
  /** Only for a presigned request. */
  expiresSeconds: number | null;
};

/** Reads the claim from the Authorization header or from a presigned query. */
export function readClaim(request: S3Request): Claim {
  const authorization = request.headers.get('authorization');
  const isPresigned = request.query.has('X-Amz-Signature') || request.query.has('X-Amz-Algorithm');
  if (authorization !== undefined && isPresigned) {
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed');
  }
  if (authorization !== undefined) return fromHeader(request, authorization);
  if (isPresigned) return fromQuery(request);
  throw new S3Error('AccessDenied', 'Unauthenticated requests are not allowed for this api');
}

function fromHeader({ headers }: S3Request, authorization: string): Claim {
  const [algorithm = '', ...rest] = authorization.split(/\s+/);
  if (algorithm !== ALGORITHM) {
    throw new S3Error('InvalidRequest', `The authorization mechanism is not supported. Please use ${ALGORITHM}.`);
  }
  const fields = new Map(rest.join('').split(',').map(nameAndValue));
  const malformed = () => new S3Error('AuthorizationHeaderMalformed');
  const payloadHash = headers.get('x-amz-content-sha256');
  if (payloadHash === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  return {
    place: 'header',
    ...readCredential(fields.get('Credential'), malformed),
    timestamp: headers.get('x-amz-date') ?? '',
    signedHeaders: readSignedHeaders(fields.get('SignedHeaders'), malformed),
    signature: readSignature(fields.get('Signature'), malformed),
    payloadHash,
    expiresSeconds: null,
  };
}

function fromQuery({ query, headers }: S3Request): Claim {
  const malformed = () => new S3Error('AuthorizationQueryParametersError');
  const expires = query.get('X-Amz-Expires') ?? '';
  if (query.get('X-Amz-Algorithm') !== ALGORITHM || !/^\d{1,9}$/.test(expires)) throw malformed();
  return {
    place: 'query',
    ...readCredential(query.get('X-Amz-Credential'), malformed),
    timestamp: query.get('X-Amz-Date') ?? '',
    signedHeaders: readSignedHeaders(query.get('X-Amz-SignedHeaders'), malformed),
    signature: readSignature(query.get('X-Amz-Signature'), malformed),
    payloadHash: headers.get('x-amz-content-sha256') ?? query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    expiresSeconds: Number(expires),
  };
}

function nameAndValue(field: string): [string, string] {
  const at = field.indexOf('=');
  return [field.slice(0, at), field.slice(at + 1)];
}

function readCredential(
  credential: string | undefined,
  malformed: () => S3Error,
): Pick<Claim, 'accessKeyId' | 'scope'> {
  const parts = (credential ?? '').split('/');
  const [accessKeyId, day, region, service, end] = parts;
  if (parts.length !== 5 || !accessKeyId || !day || !region || !service || !end) throw malformed();
  return { accessKeyId, scope: { day, region, service, end } };
}

function readSignedHeaders(list: string | undefined, malformed: () => S3Error): string[] {
  const names = (list ?? '').split(';');
  if (names.some((name) => name === '' || name !== name.toLowerCase())) throw malformed();
  return names;
}

function readSignature(signature: string | undefined, malformed: () => S3Error): string {
  if (!/^[0-9a-f]{64}$/.test(signature ?? '')) throw malformed();
  return signature ?? '';
}
