import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { contentDisposition } from '../../domain/content-disposition.ts';
import type { Disposition } from '../../domain/file.ts';
import { lastModified, type Media, MediaKind, MediaVariant, mediaTag, namesContent } from '../../domain/media.ts';
import { linkToMedia, type ReadMedia, readMedia } from '../../usecases/media/read.ts';
import { endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const media = new Hono<AppEnv>({ strict: false });

const FOREVER = 'private, max-age=31536000, immutable';
export const BYTES = z.string().meta({ contentMediaType: 'application/octet-stream' }).describe('The file');

export const MediaId = Id.extend({ kind: MediaKind });
const MediaQuery = z.object({
  variant: MediaVariant.optional().describe('A smaller picture in its place'),
  redirect: z.enum(['true', 'false']).default('false').describe('Answer a link to storage, good for five minutes'),
  v: z
    .string()
    .max(64)
    .optional()
    .describe('As the URL came: it names the content, so that the answer may be kept for ever'),
});

media.get(
  '/:kind/:id{[0-9]+}',
  endpoint(
    'Read a file',
    { 200: BYTES, 206: BYTES.describe('The range of it that was asked for'), 302: null, 304: null },
    [416, 502],
  ),
  params(MediaId),
  query(MediaQuery),
  async (c) => {
    const { kind, id } = c.req.valid('param');
    const { variant, redirect, v } = c.req.valid('query');
    const which = { kind, id, variant };
    if (redirect === 'true') return sendLink(c, await linkToMedia(c.var.ctx, which, dispositionOf));
    const { range, 'if-range': if_range, 'if-modified-since': if_modified_since = null } = c.req.header();
    const wish = { range, if_range, if_modified_since, is_head: c.req.method === 'HEAD' };
    return sendFile(c, await readMedia(c.var.ctx, which, wish), v);
  },
);

function sendLink(c: Context<AppEnv>, url: string): Response {
  c.header('cache-control', 'private, no-store');
  return c.redirect(url, 302);
}

export function sendFile(
  c: Context<AppEnv>,
  { media, is_known, file }: ReadMedia,
  named: string | undefined,
): Response {
  c.header('cache-control', namesContent(media, named) ? FOREVER : 'private, no-cache');
  const validators = { etag: mediaTag(media), 'last-modified': lastModified(media) };
  if (is_known) return c.body(null, 304, validators);
  const headers = {
    ...validators,
    'content-type': media.content_type.startsWith('text/')
      ? `${media.content_type}; charset=utf-8`
      : media.content_type,
    'content-disposition': contentDisposition(dispositionOf(media), media.filename),
    'content-length': String(file?.length ?? media.size),
    'accept-ranges': 'bytes',
  };
  if (!file?.body) return c.body(null, 200, headers);
  if (file.status === 200) return c.body(file.body, 200, headers);
  return c.body(file.body, 206, { ...headers, 'content-range': file.content_range ?? '' });
}

/** Only what a browser shows without running anything in it. */
const dispositionOf = ({ content_type }: Media): Disposition =>
  content_type.startsWith('image/') || content_type === 'application/pdf' ? 'inline' : 'attachment';
