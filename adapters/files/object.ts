import type { Files, StoredFile } from '../../domain/file.ts';
import type { Ask, Bucket } from './bucket.ts';
import { asked, opened, refused, unavailable } from './exchange.ts';
import { watched } from './watched.ts';

/** Kept with a file, for whoever reads it. */
export const SHA256_HEADER = 'x-amz-meta-sha256';

export async function head(bucket: Bucket, key: string, version?: string): Promise<StoredFile | null> {
  const ask: Ask = { method: 'HEAD', key, query: { versionId: version } };
  const answer = await asked(bucket, ask);
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw refused(ask, answer);
  return described(ask, answer.headers, lengthOf(ask, answer.headers));
}

export const get =
  (bucket: Bucket): Files['get'] =>
  async (key, { version, range, size } = {}) => {
    const isRange = range !== undefined && /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range);
    const ask: Ask = { method: 'GET', key, query: { versionId: version }, ...(isRange && { headers: { range } }) };
    const { response, hangUp } = await opened(bucket, ask);
    const { status, headers } = response;
    const content_range = headers.get('content-range');
    if (status === 200 || status === 206) {
      const length = lengthOf(ask, headers);
      const whole = status === 200 ? length : wholeOf(ask, content_range);
      const file = described(ask, headers, whole);
      if (size !== undefined && size !== whole) {
        hangUp();
        throw unavailable(ask, `has ${whole} bytes where ${size} were stored`);
      }
      const fault = (why: string) => unavailable(ask, why);
      const body = watched(response, { length, idle_ms: bucket.idle_ms, hangUp, fault });
      return { ...file, status, length, content_range, body };
    }
    await response.body?.cancel();
    if (status === 404) return null;
    if (status !== 416) throw refused(ask, { status, text: '' });
    // What lies there is not told with the refusal.
    const file = await head(bucket, key, version);
    return file && { ...file, status, length: 0, content_range: `bytes */${file.size}`, body: null };
  };

function described(ask: Ask, headers: Headers, size: number): StoredFile {
  const version = headers.get('x-amz-version-id');
  const etag = headers.get('etag')?.replaceAll('"', '');
  if (!version || !etag) throw unavailable(ask, 'named no version or ETag');
  const content_type = headers.get('content-type') ?? 'application/octet-stream';
  return { size, content_type, etag, version, sha256: headers.get(SHA256_HEADER) };
}

function lengthOf(ask: Ask, headers: Headers): number {
  const length = headers.get('content-length') ?? '';
  if (!/^\d{1,15}$/.test(length)) throw unavailable(ask, 'named no length');
  return Number(length);
}

function wholeOf(ask: Ask, content_range: string | null): number {
  const [, whole] = /^bytes \d+-\d+\/(\d{1,15})$/.exec(content_range ?? '') ?? [];
  if (whole === undefined) throw unavailable(ask, 'named no range');
  return Number(whole);
}
