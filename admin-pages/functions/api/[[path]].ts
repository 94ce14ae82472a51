import type { EventContext, Fetcher } from '@cloudflare/workers-types';

/** Hands a request as it came to the API's Worker, past the public internet: the dashboard's cookie stays its own host's. */
export const onRequest = ({ request, env }: EventContext<{ API: Fetcher }, string, unknown>) => env.API.fetch(request);
