import { Hono } from 'hono';
import { NewUpload, Upload } from '../../domain/upload.ts';
import { promiseUpload } from '../../usecases/uploads/promise.ts';
import { sendWritten } from '../http/answer.ts';
import { body, endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const uploads = new Hono<AppEnv>({ strict: false });

uploads.post(
  '/presign',
  endpoint('Ask for a URL to put a file to', { 201: Upload }, [403, 409, 413, 415, 422]),
  body(NewUpload),
  async (c) => {
    const { written, limit } = await promiseUpload(c.var.ctx, c.req.valid('json'));
    // Whoever has the URL may write there.
    c.header('cache-control', 'no-store');
    if (limit) c.header('ratelimit', `"${limit.name}";r=${limit.remaining};t=${limit.reset_s}`);
    return sendWritten(c, written);
  },
);
