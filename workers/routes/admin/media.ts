import { Hono } from 'hono';
import * as z from 'zod';
import { MediaVariant } from '../../../domain/media.ts';
import { readAnyMedia } from '../../../usecases/admin/media.ts';
import { endpoint, params, query } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';
import { BYTES, MediaId, sendFile } from '../media.ts';

/** Any file there is, streamed through; kept by nobody on the way. */
export const anyMedia = new Hono<AppEnv>({ strict: false });

anyMedia.get(
  '/media/:kind/:id{[0-9]+}',
  endpoint('Read any file', { 200: BYTES, 206: BYTES.describe('The range of it that was asked for') }, [416, 502]),
  params(MediaId),
  query(z.object({ variant: MediaVariant.optional(), v: z.string().max(64).optional() })),
  async (c) => {
    const { kind, id } = c.req.valid('param');
    const { range, 'if-range': if_range } = c.req.header();
    const wish = { range, if_range, if_modified_since: null, is_head: c.req.method === 'HEAD' };
    const which = { kind, id, variant: c.req.valid('query').variant };
    const file = sendFile(c, await readAnyMedia(c.var.admin, which, wish), undefined);
    c.header('cache-control', 'no-store');
    return file;
  },
);
