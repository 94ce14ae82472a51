import { createHash } from 'node:crypto';
import type { Ask, Bucket } from './bucket.ts';
import { asked, refused } from './exchange.ts';
import { element, escaped } from './xml.ts';

type LifecycleRule = { id: string; prefix: string; noncurrent_days: number; abort_upload_days: number };

/** One rule for all: B2 takes no two rules of which one's prefix begins with the other's. */
const LIFECYCLE: LifecycleRule[] = [{ id: 'tidy', prefix: '', noncurrent_days: 1, abort_upload_days: 1 }];

/** Replaces the bucket's rules. */
export const applyLifecycle = (bucket: Bucket, rules = LIFECYCLE): Promise<void> =>
  configure(bucket, 'lifecycle', element('LifecycleConfiguration', ...rules.map(showRule)));

/** Puts what says how the whole bucket behaves in one respect. */
export async function configure(bucket: Bucket, respect: 'lifecycle' | 'cors', xml: string): Promise<void> {
  const body = new TextEncoder().encode(xml);
  const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
  const ask: Ask = { method: 'PUT', query: { [respect]: '' }, headers, body };
  const answer = await asked(bucket, ask);
  if (answer.status !== 200) throw refused(ask, answer);
}

const showRule = ({ id, prefix, noncurrent_days, abort_upload_days }: LifecycleRule): string =>
  element(
    'Rule',
    element('ID', escaped(id)),
    element('Filter', element('Prefix', escaped(prefix))),
    element('Status', 'Enabled'),
    element('NoncurrentVersionExpiration', element('NoncurrentDays', noncurrent_days)),
    element('AbortIncompleteMultipartUpload', element('DaysAfterInitiation', abort_upload_days)),
  );
