import { type Answer, type Context, numberFrom } from './context.ts';
import { readListing, showPage } from './listing.ts';
import { compareKeys, cutPage } from './page.ts';
import { findBucket, type Upload } from './store.ts';
import { askedUpload } from './upload-store.ts';
import { block, tag, xmlDocument } from './xml.ts';

const PAGE_MAX = 1000;

/** ListParts. */
export function listParts(context: Context): Answer {
  const { request } = context;
  const upload = askedUpload(context);
  const max = Math.min(PAGE_MAX, numberFrom(request, 'max-parts', { min: 0, max: 2 ** 31 - 1, or: PAGE_MAX }));
  const marker = numberFrom(request, 'part-number-marker', { min: 0, max: 2 ** 31 - 1, or: 0 });
  const rest = [...upload.parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
  const shown = rest.slice(0, max);
  const parts = shown.map(({ number, lastModified, etag, size }) => {
    const fields = [tag('PartNumber', number), tag('LastModified', lastModified), tag('ETag', `"${etag}"`)];
    return block('Part', ...fields, tag('Size', size));
  });
  const isTruncated = max > 0 && rest.length > max;
  return {
    status: 200,
    xml: xmlDocument(
      'ListPartsResult',
      tag('Bucket', request.bucket),
      tag('Key', request.key),
      tag('UploadId', upload.uploadId),
      tag('PartNumberMarker', marker),
      ...(isTruncated ? [tag('NextPartNumberMarker', shown.at(-1)?.number ?? 0)] : []),
      tag('MaxParts', max),
      tag('IsTruncated', isTruncated),
      ...parts,
    ),
  };
}

/** ListMultipartUploads. */
export function listUploads({ request, store }: Context): Answer {
  const { prefix, delimiter, max, name } = readListing(request, 'max-uploads');
  const after = request.query.get('key-marker') ?? '';
  const marker = request.query.get('upload-id-marker') ?? '';
  const byKeyAndId = (a: Upload, b: Upload) => compareKeys(a.key, b.key) || (a.uploadId < b.uploadId ? -1 : 1);
  const uploads = [...findBucket(store, request.bucket).uploads.values()].sort(byKeyAndId);
  const isStillToCome = ({ uploadId }: Upload) => marker !== '' && uploadId > marker;
  const page = cutPage(uploads, { prefix, delimiter, max, after, isStillToCome });
  const last = page.shown.at(-1);
  const next = [
    ...(last ? [tag('NextKeyMarker', name('entry' in last ? last.entry.key : last.prefix))] : []),
    ...(last && 'entry' in last ? [tag('NextUploadIdMarker', last.entry.uploadId)] : []),
  ];
  return {
    status: 200,
    xml: xmlDocument(
      'ListMultipartUploadsResult',
      tag('Bucket', request.bucket),
      tag('Prefix', name(prefix)),
      ...(delimiter === '' ? [] : [tag('Delimiter', name(delimiter))]),
      tag('KeyMarker', name(after)),
      tag('UploadIdMarker', marker),
      ...(page.isTruncated ? next : []),
      tag('MaxUploads', max),
      tag('IsTruncated', page.isTruncated),
      ...showPage(page, name, ({ key, uploadId, initiated }) =>
        block('Upload', tag('Key', name(key)), tag('UploadId', uploadId), tag('Initiated', initiated)),
      ),
    ),
  };
}
