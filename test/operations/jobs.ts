import { downloadToken } from '../../domain/download.ts';
import type { Person, World } from '../home.ts';
import type { Household } from './sample.ts';
import { OWN, type Sample, type Samples } from './sample.ts';

/** A job of the caller whose result lies in storage. */
const finished = async (world: World, { residence_id }: Household, { user_id }: Person) => {
  const [job] = await world.rows(
    `insert into long_job (user_id, residence_id, kind, state, progress, object_key, version_id, filename, content_type, size, finished_at, expires_at)
     values ($1, $2, 'report', 'done', 100, 'report/' || gen_random_uuid(), 'v1', 'Maple House.pdf', 'application/pdf', 9, now(), now() + interval '1 day')
     returning id::int`,
    [user_id, residence_id],
  );
  return { job_id: job.id, token: await downloadToken(job.id, world.ports.settings.signing_keys[0]) };
};

/** Its own job, even for who is no member: what was about a home that somebody left is not there. */
const OWN_OF_MEMBERS = { viewer: 2 };
const REDIRECTED = { owner: 302, member: 302, viewer: 302 };

const about = (rest = ''): Sample => ({
  make: finished,
  request: ({ job_id }) => ({ path: `/api/jobs/${job_id}/${rest}` }),
});

export const JOBS: Samples = {
  'POST /api/residences/:id/report/': {
    request: ({ residence_id }) => ({ path: `/api/residences/${residence_id}/report/?download=true` }),
    answers: { viewer: 2 },
  },
  'POST /api/auth/export/': { request: () => ({ path: '/api/auth/export/' }), answers: OWN },
  'GET /api/jobs/': { request: () => ({ path: '/api/jobs/' }), answers: OWN },
  'GET /api/jobs/:id/': about(),
  'GET /api/jobs/:id/file/': { ...about('file/'), answers: REDIRECTED },
  'DELETE /api/jobs/:id/': { ...about(), answers: OWN_OF_MEMBERS },
};

/** The link is the key. */
export const DOWNLOADS: Samples = {
  'GET /api/downloads/': {
    make: finished,
    request: ({ token }) => ({ path: `/api/downloads/?t=${token}` }),
    trips: 1,
  },
};
