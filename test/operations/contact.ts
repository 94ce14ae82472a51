import { newContactKey } from '../../domain/contact.ts';
import { sha256 } from '../../domain/session.ts';
import type { World } from '../home.ts';
import type { Samples } from './sample.ts';

/** A key that a website may hand messages in with. */
export async function contactKey(world: World, per_hour = 60): Promise<string> {
  const key = newContactKey();
  const columns = [`Site ${key.slice(-8)}`, sha256(key), key.slice(-4), per_hour];
  await world.rows('insert into contact_apikey (name, digest, hint, per_hour) values ($1, $2, $3, $4)', columns);
  return key;
}

const message = { name: 'Jane', email: 'jane@example.com', message: 'Can a home have two owners?' };
const written = (path: string): Samples => ({
  [`POST ${path}`]: {
    make: async (world) => ({ key: await contactKey(world) }),
    request: ({ key }) => ({ path, body: message, headers: { 'x-api-key': `${key}` } }),
    trips: 1,
  },
});

/** Above the sign-in line. */
export const CONTACT: Samples = { ...written('/api/contact/'), ...written('/contact/') };
