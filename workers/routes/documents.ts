import { Hono } from 'hono';
import { readDocuments, readWarranties } from '../../db/document-lists.ts';
import { readDocument } from '../../db/documents.ts';
import { Document, DocumentChange, DocumentReplacement, NewDocument } from '../../domain/document.ts';
import { DocumentCursor, DocumentQuery, WarrantyQuery } from '../../domain/document-query.ts';
import { DocumentUpload, UploadedDocument } from '../../domain/document-upload.ts';
import { page, readCursor } from '../../domain/page.ts';
import { read } from '../../usecases/ask.ts';
import { createDocument } from '../../usecases/documents/create.ts';
import { removeDocument } from '../../usecases/documents/delete.ts';
import { removeFile } from '../../usecases/documents/delete-file.ts';
import { editDocument } from '../../usecases/documents/edit.ts';
import { TURN_NAMES, turnDocument } from '../../usecases/documents/turn.ts';
import { uploadDocument } from '../../usecases/documents/upload.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, form, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';
import { withForm } from '../http/form.ts';

export const documents = new Hono<AppEnv>({ strict: false });

documents.get(
  '/',
  endpoint('List the documents of your homes, the newest first', { 200: page(Document) }, [404]),
  query(DocumentQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { cursor, ...query } = c.req.valid('query');
    const after = readCursor(DocumentCursor, cursor);
    return sendRead(c, await read(c.var.ctx, readDocuments(db, who, { ...query, after }, known)));
  },
);

documents.get(
  '/warranties',
  endpoint('List the warranties that hold, the soonest to end first', { 200: page(Document) }, [404]),
  query(WarrantyQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { cursor, ...query } = c.req.valid('query');
    const after = readCursor(DocumentCursor, cursor);
    return sendRead(c, await read(c.var.ctx, readWarranties(db, who, { ...query, after }, known)));
  },
);

documents.post(
  '/',
  endpoint('Keep a document', { 201: Document }, [403, 404, 409, 413, 415, 422, 502]),
  body(NewDocument),
  async (c) => sendWritten(c, await createDocument(c.var.ctx, c.req.valid('json'))),
);

documents.post(
  '/upload',
  endpoint(
    'Keep a document that comes with its file',
    { 201: UploadedDocument },
    [403, 404, 408, 409, 413, 415, 422, 502],
  ),
  form(DocumentUpload),
  async (c) => sendWritten(c, await withForm(c, (parts) => uploadDocument(c.var.ctx, parts))),
);

documents.get('/:id{[0-9]+}', endpoint('Read a document', { 200: Document }), params(Id), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readDocument(db, who, c.req.valid('param').id, known)));
});

documents.put(
  '/:id{[0-9]+}',
  endpoint('Replace a document', { 200: Document }, [403, 409, 412, 413, 415, 422, 502]),
  params(Id),
  body(DocumentReplacement),
  async (c) => sendWritten(c, await editDocument(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

documents.patch(
  '/:id{[0-9]+}',
  endpoint('Change a document, or add files to it', { 200: Document }, [403, 409, 412, 413, 415, 422, 502]),
  params(Id),
  body(DocumentChange),
  async (c) => sendWritten(c, await editDocument(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

documents.delete(
  '/:id{[0-9]+}',
  endpoint('Delete a document and its files', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await removeDocument(c.var.ctx, c.req.valid('param').id)),
);

documents.delete(
  '/:id{[0-9]+}/files/:file_id{[0-9]+}',
  endpoint('Delete a file of a document', { 204: null }, [403, 409, 412, 422]),
  params(Id.extend({ file_id: Id.shape.id })),
  async (c) => sendWritten(c, await removeFile(c.var.ctx, c.req.valid('param').id, c.req.valid('param').file_id)),
);

for (const turn of TURN_NAMES) {
  documents.post(
    `/:id{[0-9]+}/${turn}`,
    endpoint(
      `${turn === 'activate' ? 'Put a document to use' : 'Put a document out of use'}`,
      { 200: Document },
      [403, 409, 412, 422],
    ),
    params(Id),
    async (c) => sendWritten(c, await turnDocument(c.var.ctx, c.req.valid('param').id, turn)),
  );
}
