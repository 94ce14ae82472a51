import type { Samples } from './sample.ts';

export const DOCUMENT_FILES: Samples = {
  'POST /api/documents/:id/files/:file_id/extract/': {
    async make(world, { owner, residence_id }) {
      const paper = { residence_id, title: 'Furnace', document_type: 'manual' };
      const { body } = await world.send('POST', '/api/documents/', owner, paper);
      const [file] = await world.rows(
        `insert into task_documentimage (document_id, residence_id, object_key, content_type, size, text_status)
         values ($1, $2, 'document/' || gen_random_uuid(), 'application/pdf', 9, 'failed') returning id::int`,
        [body.id, residence_id],
      );
      return { document_id: body.id, file_id: file.id };
    },
    request: ({ document_id, file_id }) => ({ path: `/api/documents/${document_id}/files/${file_id}/extract/` }),
  },
};
