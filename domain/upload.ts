import * as z from 'zod';
import { safeFilename } from './content-disposition.ts';
import { line } from './fields.ts';
import { PRESIGNED_SECONDS_MAX } from './file.ts';
import { FileType, isImage, kindOf, typeByName } from './file-type.ts';

/** What may be put straight into storage; what is larger is streamed through the API. */
const UPLOAD_BYTES_MAX = 10 * 1024 ** 2;
/** Of one user: so many are promised in an hour, and so many may wait to be claimed. */
export const UPLOADS = { name: 'presign', quota: 50, window_s: 3600, unclaimed: 10 } as const;

/** What an upload may become a file of. */
export const UploadCategory = z.enum(['completion', 'document']);
export type UploadCategory = z.infer<typeof UploadCategory>;

export const NewUpload = z
  .object({
    category: UploadCategory.describe('What will claim it; a completion takes images alone'),
    content_type: FileType,
    content_length: z.int().min(1).max(UPLOAD_BYTES_MAX).describe('In bytes, exactly'),
    md5: z
      .string()
      .regex(/^[A-Za-z0-9+/]{22}==$/, 'Must be an MD5 in base64.')
      .optional()
      .describe('In base64; storage then refuses anything else'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'Must be a SHA-256 in lower-case hex.')
      .optional()
      .describe('In hex; compared with the file before anybody else sees it'),
    filename: line(255, 1).transform(safeFilename).optional().describe('As people call it'),
  })
  .refine(({ category, content_type }) => category !== 'completion' || isImage(content_type), {
    path: ['content_type'],
    message: 'Must be an image.',
  })
  .refine(({ filename, content_type }) => isCalled(filename, content_type), {
    path: ['filename'],
    message: 'Must end as a file of that type does.',
  })
  .meta({ id: 'NewUpload' });
export type NewUpload = z.infer<typeof NewUpload>;

function isCalled(filename: string | undefined, content_type: FileType): boolean {
  const type = typeByName(filename ?? null);
  return type === null || (type !== 'other' && kindOf(type) === kindOf(content_type));
}

/** What is kept of a promise, with its idempotency key: enough to sign it anew. */
export const Promised = z.object({
  upload_id: z.int(),
  object_key: z.string(),
  claim_until: z.iso.datetime(),
  /** Where the user stands with what they may ask for in this hour. */
  remaining: z.int(),
  reset_s: z.int(),
});
export type Promised = z.infer<typeof Promised>;

/** Where a client may put its file. */
export const Upload = z
  .object({
    upload_id: z.int().describe('For `upload_ids` of whatever the file belongs to'),
    method: z.literal('PUT'),
    url: z.url(),
    headers: z.record(z.string(), z.string()).describe('To be sent with the file, to the letter'),
    expires_at: z.iso.datetime().describe('Until when the URL takes the file'),
    claim_until: z.iso.datetime().describe('Until when the upload can be claimed'),
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof Upload>;

/** How long a URL that is signed now may live: no longer than what it is for. */
export const secondsToLive = (claim_until: string, now: string): number =>
  Math.max(1, Math.min(PRESIGNED_SECONDS_MAX, Math.floor((Date.parse(claim_until) - Date.parse(now)) / 1000)));

/** Until when it lives; in the past, if there is nothing left to claim. */
export const expiryOf = (claim_until: string, now: string): string => {
  const signed_until = Date.parse(now) + secondsToLive(claim_until, now) * 1000;
  return new Date(Math.min(signed_until, Date.parse(claim_until))).toISOString();
};
