import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Claim, readClaim } from './claim.ts';
import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';
import { encodePath, encodeUri } from './uri.ts';

const SKEW_MS_MAX = 15 * 60_000;
const EXPIRES_SECONDS_MAX = 7 * 24 * 3600;

/** The one key of this server. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string };

/** Refuses a request that the holder of the key did not sign; answers the hash that its body must have. */
export function verifySignature(request: S3Request, credentials: Credentials, nowMs: number): string {
  const claim = readClaim(request);
  if (claim.accessKeyId !== credentials.accessKeyId) throw new S3Error('InvalidAccessKeyId');
  checkScope(claim, credentials.region);
  checkTime(claim, nowMs);
  checkSignedHeaders(claim, request);
  const expected = sign(request, claim, credentials.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(claim.signature, 'hex'))) {
    throw new S3Error('SignatureDoesNotMatch');
  }
  return checkPayloadHash(claim.payloadHash);
}

function checkScope({ place, scope, timestamp }: Claim, region: string): void {
  const malformed = (why: string) =>
    place === 'header'
      ? new S3Error('AuthorizationHeaderMalformed', `The authorization header is malformed; ${why}`)
      : new S3Error('AuthorizationQueryParametersError', `Error parsing the X-Amz-Credential parameter; ${why}`);
  if (scope.region !== region) throw malformed(`the region '${scope.region}' is wrong; expecting '${region}'`);
  if (scope.service !== 's3') throw malformed(`incorrect service '${scope.service}'; expecting 's3'`);
  if (scope.end !== 'aws4_request') throw malformed(`incorrect terminal '${scope.end}'; expecting 'aws4_request'`);
  if (!timestamp.startsWith(`${scope.day}T`)) throw malformed('the credential date is not the day of X-Amz-Date');
}

function checkTime({ timestamp, expiresSeconds }: Claim, nowMs: number): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp) ?? [];
  const signedMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedMs)) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  if (expiresSeconds === null) {
    if (Math.abs(nowMs - signedMs) > SKEW_MS_MAX) throw new S3Error('RequestTimeTooSkewed');
    return;
  }
  if (expiresSeconds < 1 || expiresSeconds > EXPIRES_SECONDS_MAX) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 and 604800 seconds');
  }
  if (signedMs - nowMs > SKEW_MS_MAX) throw new S3Error('AccessDenied', 'Request is not yet valid');
  if (nowMs > signedMs + expiresSeconds * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

function checkSignedHeaders({ signedHeaders }: Claim, { headers }: S3Request): void {
  const isSigned = new Set(signedHeaders);
  if (!isSigned.has('host')) throw new S3Error('AccessDenied', "header 'host' must be included in signature");
  for (const name of headers.keys()) {
    if (name.startsWith('x-amz-') && !isSigned.has(name)) {
      throw new S3Error('AccessDenied', `header '${name}' must be included in signature`);
    }
  }
  // A header that was signed and then left out would otherwise count as an empty one.
  if (signedHeaders.some((name) => !headers.has(name))) throw new S3Error('SignatureDoesNotMatch');
}

function checkPayloadHash(hash: string): string {
  if (hash.startsWith('STREAMING-')) {
    throw new S3Error('NotImplemented', `Payload '${hash}' (aws-chunked) is not implemented`);
  }
  if (hash !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(hash)) {
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a valid sha256 value.');
  }
  return hash;
}

function sign(request: S3Request, claim: Claim, secret: string): string {
  const { day, region, service, end } = claim.scope;
  const canonical = createHash('sha256').update(canonicalRequest(request, claim)).digest('hex');
  const text = ['AWS4-HMAC-SHA256', claim.timestamp, [day, region, service, end].join('/'), canonical].join('\n');
  const key = [day, region, service, end].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

function canonicalRequest({ method, path, query, headers }: S3Request, { signedHeaders, payloadHash }: Claim): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeUri(name), encodeUri(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='));
  const lines = signedHeaders.map((name) => `${name}:${(headers.get(name) ?? '').replace(/\s+/g, ' ')}\n`);
  return [method, encodePath(path), parameters.join('&'), lines.join(''), signedHeaders.join(';'), payloadHash].join(
    '\n',
  );
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
