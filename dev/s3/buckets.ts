import { addBucket, removeBucket } from './bucket-store.ts';
import type { Answer, Context } from './context.ts';
import { S3Error } from './error.ts';
import { expectOnly, readXml, textOf } from './read-xml.ts';
import { receiveText } from './receive.ts';
import { findBucket } from './store.ts';
import { block, tag, xmlDocument } from './xml.ts';

/** ListBuckets. */
export function listBuckets({ store }: Context): Answer {
  const sorted = [...store.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const buckets = sorted.map(({ name, created }) => block('Bucket', tag('Name', name), tag('CreationDate', created)));
  const owner = block('Owner', tag('ID', 'local'), tag('DisplayName', 'local'));
  return { status: 200, xml: xmlDocument('ListAllMyBucketsResult', owner, block('Buckets', ...buckets)) };
}

/** CreateBucket. */
export async function createBucket(context: Context): Promise<Answer> {
  const { request, store, region } = context;
  const text = await receiveText(context);
  if (text !== '') {
    const configuration = readXml(text, 'CreateBucketConfiguration');
    expectOnly(configuration, 'LocationConstraint');
    const location = textOf(configuration, 'LocationConstraint') ?? region;
    if (location !== region) throw new S3Error('InvalidLocationConstraint');
  }
  await addBucket(store, request.bucket);
  return { status: 200, headers: { location: `/${request.bucket}` } };
}

/** HeadBucket. */
export function headBucket({ request, store, region }: Context): Answer {
  findBucket(store, request.bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

/** DeleteBucket. */
export async function deleteBucket({ request, store }: Context): Promise<Answer> {
  await removeBucket(store, request.bucket);
  return { status: 204 };
}

/** GetBucketLocation. */
export function getLocation({ request, store, region }: Context): Answer {
  findBucket(store, request.bucket);
  return { status: 200, xml: xmlDocument('LocationConstraint', region) };
}

/** GetBucketVersioning. */
export function getVersioning({ request, store }: Context): Answer {
  findBucket(store, request.bucket);
  return { status: 200, xml: xmlDocument('VersioningConfiguration', tag('Status', 'Enabled')) };
}
