import * as z from 'zod';
import { baseUrl, optional } from '../../domain/environment.ts';

const url = optional(baseUrl);
/** `user:password`, as Basic; or a whole Authorization header. */
const auth = optional(z.string()).transform((given): Record<string, string> => {
  if (given === undefined) return {};
  return { authorization: /\s/.test(given) ? given : `Basic ${btoa(given)}` };
});

const Environment = z.object({
  PROMETHEUS_URL: url,
  PROMETHEUS_AUTH: auth,
  LOKI_QUERY_URL: url,
  LOKI_QUERY_AUTH: auth,
  TEMPO_URL: url,
  TEMPO_AUTH: auth,
  ALERTMANAGER_URL: url,
  ALERTMANAGER_AUTH: auth,
});

export const parseObservatory = (env: Record<string, unknown>): z.infer<typeof Environment> => Environment.parse(env);
