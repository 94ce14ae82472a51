import { numberFrom } from './context.ts';
import { S3Error } from './error.ts';
import type { Page } from './page.ts';
import type { S3Request } from './request.ts';
import { encodePath } from './uri.ts';
import { block, tag } from './xml.ts';

const PAGE_MAX = 1000;

/** The parameters that all listings of keys share. */
export function readListing(request: S3Request, maxName: string) {
  const encoding = request.query.get('encoding-type');
  if (encoding !== undefined && encoding !== 'url') throw new S3Error('InvalidArgument', 'Invalid Encoding Method');
  return {
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    max: Math.min(PAGE_MAX, numberFrom(request, maxName, { min: 0, max: 2 ** 31 - 1, or: PAGE_MAX })),
    name: encoding === 'url' ? encodePath : (text: string) => text,
  };
}

/** The elements that all listings of objects begin with. */
export function listingHead(request: S3Request, page: Page<unknown>): string[] {
  const { prefix, delimiter, name } = readListing(request, 'max-keys');
  return [
    tag('Name', request.bucket),
    tag('Prefix', name(prefix)),
    ...(delimiter === '' ? [] : [tag('Delimiter', name(delimiter))]),
    ...(request.query.has('encoding-type') ? [tag('EncodingType', 'url')] : []),
    tag('IsTruncated', page.isTruncated),
  ];
}

/** Entries as `show` shows them, and common prefixes after them. */
export function showPage<T>(page: Page<T>, name: (text: string) => string, show: (entry: T) => string): string[] {
  return [
    ...page.shown.flatMap((item) => ('entry' in item ? show(item.entry) : [])),
    ...page.shown.flatMap((item) =>
      'prefix' in item ? block('CommonPrefixes', tag('Prefix', name(item.prefix))) : [],
    ),
  ];
}
