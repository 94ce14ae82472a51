import { setLifecycle } from './bucket-store.ts';
import type { Answer, Context } from './context.ts';
import { S3Error } from './error.ts';
import { all, expectOnly, one, textOf, type XmlNode } from './read-xml.ts';
import { receiveXml } from './receive.ts';
import { findBucket, type LifecycleRule } from './store.ts';
import { block, tag, xmlDocument } from './xml.ts';

const RULES_MAX = 100;

/** GetBucketLifecycleConfiguration. */
export function getLifecycle({ request, store }: Context): Answer {
  const { lifecycle } = findBucket(store, request.bucket);
  if (!lifecycle) throw new S3Error('NoSuchLifecycleConfiguration');
  return { status: 200, xml: xmlDocument('LifecycleConfiguration', ...lifecycle.map(showRule)) };
}

/** PutBucketLifecycleConfiguration. */
export async function putLifecycle(context: Context): Promise<Answer> {
  const { request, store } = context;
  findBucket(store, request.bucket);
  const document = await receiveXml(context, 'LifecycleConfiguration');
  expectOnly(document, 'Rule');
  const rules = all(document, 'Rule').map(readRule);
  if (rules.length === 0 || rules.length > RULES_MAX) throw new S3Error('MalformedXML');
  await setLifecycle(store, request.bucket, rules);
  return { status: 200 };
}

/** DeleteBucketLifecycle. */
export async function deleteLifecycle({ request, store }: Context): Promise<Answer> {
  await setLifecycle(store, request.bucket, null);
  return { status: 204 };
}

function readRule(rule: XmlNode): LifecycleRule {
  const actions = ['Expiration', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload'] as const;
  if (rule.children.some(({ name }) => name.endsWith('Transition'))) {
    throw new S3Error('NotImplemented', 'Transitions are not implemented');
  }
  expectOnly(rule, 'ID', 'Status', 'Filter', 'Prefix', ...actions);
  const [expiration, noncurrent, abort] = actions.map((name) => one(rule, name));
  if (expiration) expectOnly(expiration, 'Days', 'ExpiredObjectDeleteMarker');
  if (noncurrent) expectOnly(noncurrent, 'NoncurrentDays');
  if (abort) expectOnly(abort, 'DaysAfterInitiation');
  const status = textOf(rule, 'Status');
  if ((!expiration && !noncurrent && !abort) || !/^(Enabled|Disabled)$/.test(status ?? '')) {
    throw new S3Error('MalformedXML');
  }
  return {
    id: textOf(rule, 'ID') ?? null,
    isEnabled: status === 'Enabled',
    prefix: readPrefix(rule),
    expirationDays: readDays(expiration, 'Days'),
    expiresDeleteMarkers: expiration !== undefined && textOf(expiration, 'ExpiredObjectDeleteMarker') === 'true',
    noncurrentDays: readDays(noncurrent, 'NoncurrentDays'),
    abortUploadDays: readDays(abort, 'DaysAfterInitiation'),
  };
}

function readPrefix(rule: XmlNode): string {
  const filter = one(rule, 'Filter');
  if (filter) expectOnly(filter, 'Prefix');
  const prefix = filter ? (textOf(filter, 'Prefix') ?? '') : textOf(rule, 'Prefix');
  if (prefix === undefined || (filter && one(rule, 'Prefix'))) throw new S3Error('MalformedXML');
  return prefix;
}

function readDays(action: XmlNode | undefined, name: string): number | null {
  const text = action && textOf(action, name);
  if (text === undefined) {
    if (action && name !== 'Days') throw new S3Error('MalformedXML');
    return null;
  }
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new S3Error('InvalidArgument', `'${name}' must be a positive integer`);
  return Number(text);
}

function showRule(rule: LifecycleRule): string {
  const days = (action: string, name: string, value: number | null) =>
    value === null ? [] : [block(action, tag(name, value))];
  return block(
    'Rule',
    ...(rule.id === null ? [] : [tag('ID', rule.id)]),
    block('Filter', tag('Prefix', rule.prefix)),
    tag('Status', rule.isEnabled ? 'Enabled' : 'Disabled'),
    ...days('Expiration', 'Days', rule.expirationDays),
    ...(rule.expiresDeleteMarkers ? [block('Expiration', tag('ExpiredObjectDeleteMarker', true))] : []),
    ...days('NoncurrentVersionExpiration', 'NoncurrentDays', rule.noncurrentDays),
    ...days('AbortIncompleteMultipartUpload', 'DaysAfterInitiation', rule.abortUploadDays),
  );
}
