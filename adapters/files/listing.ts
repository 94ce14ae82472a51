import * as z from 'zod';
import type { Files, FileVersion, UnfinishedUpload } from '../../domain/file.ts';
import type { Ask, Bucket } from './bucket.ts';
import { asked, refused, unavailable } from './exchange.ts';
import { elementsIn, textIn } from './xml.ts';

const LIMIT = 1000;

const Version = z.object({
  key: z.string().min(1),
  version: z.string().min(1),
  size: z.coerce.number().int().nonnegative(),
  last_modified: z.iso.datetime(),
  is_latest: z.stringbool({ truthy: ['true'], falsy: ['false'] }),
});
const Upload = z.object({ key: z.string().min(1), upload_id: z.string().min(1), initiated_at: z.iso.datetime() });

export const listVersions =
  (bucket: Bucket): Files['listVersions'] =>
  async (prefix, { cursor, limit = LIMIT } = {}) => {
    const query = { versions: '', prefix, 'max-keys': String(limit), ...markersFrom(cursor) };
    const { text, ask } = await list(bucket, query);
    const found = [
      ...elementsIn(text, 'Version').map((xml) => ({ xml, is_delete_marker: false })),
      ...elementsIn(text, 'DeleteMarker').map((xml) => ({ xml, is_delete_marker: true })),
    ];
    const versions = found.map(({ xml, is_delete_marker }): FileVersion => {
      const fields = {
        key: decoded(textIn(xml, 'Key')),
        version: textIn(xml, 'VersionId'),
        size: textIn(xml, 'Size') ?? 0,
        last_modified: textIn(xml, 'LastModified'),
        is_latest: textIn(xml, 'IsLatest'),
      };
      return { ...parse(Version, fields, ask), is_delete_marker };
    });
    return { versions, next_cursor: nextCursor(text, 'version-id-marker', 'NextVersionIdMarker') };
  };

export const listUploads =
  (bucket: Bucket): Files['listUploads'] =>
  async (prefix, { cursor, limit = LIMIT } = {}) => {
    const query = { uploads: '', prefix, 'max-uploads': String(limit), ...markersFrom(cursor) };
    const { text, ask } = await list(bucket, query);
    const uploads = elementsIn(text, 'Upload').map((xml): UnfinishedUpload => {
      const fields = {
        key: decoded(textIn(xml, 'Key')),
        upload_id: textIn(xml, 'UploadId'),
        initiated_at: textIn(xml, 'Initiated'),
      };
      return parse(Upload, fields, ask);
    });
    return { uploads, next_cursor: nextCursor(text, 'upload-id-marker', 'NextUploadIdMarker') };
  };

async function list(bucket: Bucket, query: Record<string, string>): Promise<{ text: string; ask: Ask }> {
  // Keys may hold what XML cannot.
  const ask: Ask = { method: 'GET', query: { ...query, 'encoding-type': 'url' } };
  const answer = await asked(bucket, ask);
  if (answer.status !== 200 || textIn(answer.text, 'IsTruncated') === undefined) throw refused(ask, answer);
  return { text: answer.text, ask };
}

/** Where the page before ended, by the names that the next question gives it. */
const markersFrom = (cursor: string | null | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(cursor ?? ''));

function nextCursor(text: string, idName: string, idElement: string): string | null {
  if (textIn(text, 'IsTruncated') !== 'true') return null;
  const id = textIn(text, idElement);
  const markers = { 'key-marker': decoded(textIn(text, 'NextKeyMarker')) ?? '', ...(id && { [idName]: id }) };
  return new URLSearchParams(markers).toString();
}

const decoded = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : decodeURIComponent(text.replaceAll('+', ' '));

function parse<S extends z.ZodType>(schema: S, fields: object, ask: Ask): z.output<S> {
  const result = schema.safeParse(fields);
  if (!result.success) throw unavailable(ask, `listed what cannot be read: ${z.prettifyError(result.error)}`);
  return result.data;
}
