import * as buckets from './buckets.ts';
import type { Answer, Context, Operation } from './context.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { S3Error } from './error.ts';
import { deleteLifecycle, getLifecycle, putLifecycle } from './lifecycle.ts';
import { listObjects, listVersions } from './list-objects.ts';
import { listParts, listUploads } from './list-uploads.ts';
import * as multipart from './multipart.ts';
import { refuseUnsupported } from './object-headers.ts';
import { readObject } from './read-object.ts';
import { copyObject, putObject } from './write-object.ts';

/** What is asked for: the method, and the sub-resource in the query. */
type Routes = Record<string, Operation>;

const ON_SERVICE: Routes = { GET: buckets.listBuckets };

const ON_BUCKET: Routes = {
  GET: listObjects,
  'GET versions': listVersions,
  'GET uploads': listUploads,
  'GET lifecycle': getLifecycle,
  'GET location': buckets.getLocation,
  'GET versioning': buckets.getVersioning,
  HEAD: buckets.headBucket,
  PUT: buckets.createBucket,
  'PUT lifecycle': putLifecycle,
  'POST delete': deleteObjects,
  DELETE: buckets.deleteBucket,
  'DELETE lifecycle': deleteLifecycle,
};

const ON_OBJECT: Routes = {
  GET: readObject,
  'GET uploadId': listParts,
  HEAD: readObject,
  PUT: (context) => (context.request.headers.has('x-amz-copy-source') ? copyObject(context) : putObject(context)),
  'PUT uploadId': multipart.uploadPart,
  'POST uploads': multipart.createMultipart,
  'POST uploadId': multipart.completeMultipart,
  DELETE: deleteObject,
  'DELETE uploadId': multipart.abortMultipart,
};

// Without the second half of this list a request for, say, an object's tags would be answered with the object.
const SUBRESOURCES = new Set(
  `delete lifecycle location uploadId uploads versioning versions accelerate acl analytics attributes cors encryption
  intelligent-tiering inventory legal-hold logging metrics notification object-lock ownershipControls policy policyStatus
  publicAccessBlock replication requestPayment restore retention select select-type tagging torrent website`.split(
    /\s+/,
  ),
);

/** Finds the operation and runs it. */
export async function route(context: Context): Promise<Answer> {
  const { method, bucket, key, query } = context.request;
  refuseUnsupported(context.request);
  const routes = bucket === '' ? ON_SERVICE : key === '' ? ON_BUCKET : ON_OBJECT;
  const subresource = [...query.keys()].filter((name) => SUBRESOURCES.has(name)).join(' ');
  const name = subresource === '' ? method : `${method} ${subresource}`;
  const operation = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (operation) return await operation(context);
  throw subresource === ''
    ? new S3Error('MethodNotAllowed')
    : new S3Error('NotImplemented', `${name} is not implemented`);
}
