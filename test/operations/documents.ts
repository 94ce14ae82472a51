import { storageOf } from '../uploads/storage.ts';
import { OWN, type Sample, type Samples } from './sample.ts';

const PAPER = { title: 'Dishwasher', document_type: 'warranty' };

const ofHome: Sample['make'] = async (world, { owner, residence_id }) => {
  const { body } = await world.send('POST', '/api/documents/', owner, { residence_id, ...PAPER });
  const [file] = await world.rows(
    `insert into task_documentimage (document_id, residence_id, object_key, content_type, size)
     values ($1, $2, 'document/' || gen_random_uuid(), 'application/pdf', 9) returning id::int`,
    [body.id, residence_id],
  );
  return { document_id: body.id, file_id: file.id };
};

const about = (rest = '', body?: object): Sample => ({
  make: ofHome,
  request: ({ document_id }) => ({ path: `/api/documents/${document_id}/${rest}`, body }),
});

const formOf = (fields: Record<string, number | string>): FormData => {
  const form = new FormData();
  form.set('file', new File(['A day at the lake.'], 'notes.txt', { type: 'text/plain' }));
  for (const [name, value] of Object.entries({ document_type: 'other', ...fields })) form.set(name, String(value));
  return form;
};

export const DOCUMENTS: Samples = {
  'GET /api/documents/': { request: () => ({ path: '/api/documents/' }), answers: OWN },
  'GET /api/documents/warranties/': {
    request: ({ residence_id }) => ({ path: `/api/documents/warranties/?residence_id=${residence_id}` }),
  },
  'POST /api/documents/': {
    request: ({ residence_id }) => ({ path: '/api/documents/', body: { residence_id, ...PAPER } }),
    trips: 1,
  },
  'POST /api/documents/upload/': {
    make: async (world) => {
      await storageOf(world);
      return {};
    },
    request: ({ residence_id }) => ({ path: '/api/documents/upload/', body: formOf({ residence_id }) }),
  },
  'GET /api/documents/:id/': about(),
  'PUT /api/documents/:id/': about('', { title: 'Oven', document_type: 'manual' }),
  'PATCH /api/documents/:id/': about('', { title: 'Oven' }),
  'DELETE /api/documents/:id/': about(),
  'DELETE /api/documents/:id/files/:file_id/': {
    make: ofHome,
    request: ({ document_id, file_id }) => ({ path: `/api/documents/${document_id}/files/${file_id}/` }),
  },
  'POST /api/documents/:id/activate/': about('activate/'),
  'POST /api/documents/:id/deactivate/': about('deactivate/'),
};
