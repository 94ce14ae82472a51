import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';
import type { Version } from './store.ts';

/** Refuses with 412 what the If-headers exclude; answers true if the reader has it already (304). */
export function isUnmodified({ headers }: S3Request, version: Version, prefix = ''): boolean {
  const changedMs = seconds(Date.parse(version.lastModified));
  const ifMatch = headers.get(`${prefix}if-match`);
  const ifUnmodifiedSince = dateFrom(headers.get(`${prefix}if-unmodified-since`));
  if (ifMatch !== undefined) {
    if (!namesEtag(ifMatch, version.etag)) throw new S3Error('PreconditionFailed');
  } else if (ifUnmodifiedSince !== null && changedMs > ifUnmodifiedSince) {
    throw new S3Error('PreconditionFailed');
  }

  const ifNoneMatch = headers.get(`${prefix}if-none-match`);
  if (ifNoneMatch !== undefined) return namesEtag(ifNoneMatch, version.etag);
  const ifModifiedSince = dateFrom(headers.get(`${prefix}if-modified-since`));
  return ifModifiedSince !== null && changedMs <= ifModifiedSince;
}

/** The first and last byte that a Range header asks for; null where it asks for everything or for what S3 ignores. */
export function readRange({ headers }: S3Request, version: Version): { start: number; end: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.get('range') ?? '') ?? [];
  const ifRange = headers.get('if-range');
  if ((first === '' && last === '') || (ifRange !== undefined && ifRange !== `"${version.etag}"`)) return null;
  const { size } = version;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  if (start >= size) throw new S3Error('InvalidRange', undefined, { 'content-range': `bytes */${size}` });
  return { start, end };
}

function namesEtag(header: string, etag: string): boolean {
  return header.split(',').some((candidate) => {
    const named = candidate.trim().replace(/^W\//, '').replaceAll('"', '');
    return named === '*' || named === etag;
  });
}

function dateFrom(header: string | undefined): number | null {
  const moment = Date.parse(header ?? '');
  return Number.isNaN(moment) ? null : seconds(moment);
}

const seconds = (ms: number) => Math.floor(ms / 1000) * 1000;
