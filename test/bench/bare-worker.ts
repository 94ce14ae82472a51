import { neon, neonConfig } from '@neondatabase/serverless';

type Env = { DATABASE_URL: string; NEON_ENDPOINT: string };

/** What a board is measured by: the same rows from the same endpoint, to the same place, and nothing else. */
export default {
  async fetch(_request: Request, { DATABASE_URL, NEON_ENDPOINT }: Env): Promise<Response> {
    neonConfig.fetchEndpoint = NEON_ENDPOINT;
    return Response.json(await neon(DATABASE_URL)`select * from task_task where residence_id = 1`);
  },
};
