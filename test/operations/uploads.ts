import { sha256 } from '../s3/local.ts';
import { photoOf, prepare } from '../uploads/storage.ts';
import { OWN, type Samples } from './sample.ts';

export const UPLOADS: Samples = {
  'POST /api/uploads/presign/': {
    request: () => ({
      path: '/api/uploads/presign/',
      body: { category: 'completion', content_type: 'image/jpeg', content_length: 2000 },
    }),
    answers: OWN,
    trips: 1,
  },
  'GET /api/media/:kind/:id/': {
    async make(world, { owner, residence_id }) {
      const { image_id, bytes } = await photoOf(world, owner, (await world.task(owner, residence_id)).id);
      await prepare(world, image_id, sha256(bytes));
      return { image_id };
    },
    request: ({ image_id }) => ({ path: `/api/media/completion-image/${image_id}/` }),
  },
};
