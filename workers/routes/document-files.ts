import { Hono } from 'hono';
import { Document } from '../../domain/document.ts';
import { requestText } from '../../usecases/documents/request-text.ts';
import { sendWritten } from '../http/answer.ts';
import { endpoint, Id, params } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const documentFiles = new Hono<AppEnv>({ strict: false });

documentFiles.post(
  '/:id{[0-9]+}/files/:file_id{[0-9]+}/extract',
  endpoint('Have the text of a file read once more', { 200: Document }, [403, 409, 412, 422]),
  params(Id.extend({ file_id: Id.shape.id })),
  async (c) => sendWritten(c, await requestText(c.var.ctx, c.req.valid('param').id, c.req.valid('param').file_id)),
);
