import * as z from 'zod';
import { baseUrl, optional, words } from '../../domain/environment.ts';

const Secret = z.string().min(32);
/** The first signs. */
export const EdgeSecrets = words.pipe(z.tuple([Secret], Secret));

export type Origin = { url: string; secrets: [string, ...string[]] };

/** Where the same application answers by another path; null: there is no such place, and the edge answers alone. */
export function originFrom(env: Record<string, unknown>): Origin | null {
  const { ORIGIN_URL: url } = z.object({ ORIGIN_URL: optional(baseUrl) }).parse(env);
  if (url === undefined) return null;
  return { url, secrets: z.object({ EDGE_SECRETS: EdgeSecrets }).parse(env).EDGE_SECRETS };
}
