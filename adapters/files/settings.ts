import * as z from 'zod';
import type { Bucket } from './bucket.ts';

/** Within what a request may wait for storage (usecases/storage/leg.ts). */
const ASK_MS = 4000;
const SEND_MS = 30_000;
const IDLE_MS = 10_000;

const Environment = z.object({
  /** `https://s3.us-east-005.backblazeb2.com`. */
  B2_ENDPOINT: z.url(),
  B2_REGION: z.string().min(1),
  B2_BUCKET: z.string().min(1),
  B2_ACCESS_KEY_ID: z.string().min(1),
  B2_SECRET_ACCESS_KEY: z.string().min(1),
});

/** Where files are kept, as the environment says. */
export function bucketFrom(env: Record<string, unknown>): Bucket {
  const { B2_ENDPOINT, B2_REGION, B2_BUCKET, B2_ACCESS_KEY_ID, B2_SECRET_ACCESS_KEY } = Environment.parse(env);
  return {
    endpoint: B2_ENDPOINT,
    region: B2_REGION,
    bucket: B2_BUCKET,
    accessKeyId: B2_ACCESS_KEY_ID,
    secretAccessKey: B2_SECRET_ACCESS_KEY,
    ask_ms: ASK_MS,
    send_ms: SEND_MS,
    idle_ms: IDLE_MS,
  };
}
