import type { Ports } from '../../usecases/ports.ts';
import type { Person, World } from '../home.ts';

export const PASSWORD = 'correct horse 7';
export const NEW_PASSWORD = 'staple battery 8';

export type Somebody = Person & { email: string };

/** Registers somebody through the API. */
export async function register(world: World, username: string, address = '198.51.100.1'): Promise<Somebody> {
  const email = `${username}@example.com`;
  const input = { username, email, password: PASSWORD };
  const { status, body } = await world.send('POST', '/api/auth/register/', null, input, from(address));
  if (status !== 201) throw new Error(`register answered ${status}`);
  return { user_id: body.user.id, username, email, token: body.token };
}

/** The same, with an address that is proven. */
export async function registerVerified(world: World, username: string): Promise<Somebody> {
  const somebody = await register(world, username);
  await world.rows('update auth_user set is_verified = true where id = $1', [somebody.user_id]);
  await world.rows('delete from user_confirmationcode where user_id = $1', [somebody.user_id]);
  world.rung.length = 0;
  return somebody;
}

export const from = (address: string) => ({ ports: { address } });

/** Signs in from an address; answers the response. */
export const login = (world: World, username: string, password: string, address = '198.51.100.1') =>
  world.send('POST', '/api/auth/login/', null, { username, password }, from(address));

/** Works off whatever was rung for, and answers the mails that went. */
export async function mailed(world: World) {
  const before = world.mails.length;
  await world.deliver(world.rung.splice(0).flatMap((ids) => ids.map((event_id) => ({ event_id }))));
  return world.mails.slice(before);
}

/** The code of the only mail that went. */
export async function mailedCode(world: World): Promise<string> {
  const [mail, ...more] = await mailed(world);
  const code = /^\d{6}$/m.exec(mail?.text ?? '')?.[0];
  if (!code || more.length > 0) throw new Error(`${more.length + Number(Boolean(mail))} mails, code ${code}`);
  return code;
}

/** A code that is not this one. */
export const wrong = (code: string, n = 1): string => String((Number(code) + n) % 1_000_000).padStart(6, '0');

/** Passwords that count how often they hash. */
export function counting(passwords: Ports['passwords']) {
  const counted = { hashes: 0 };
  const count = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      counted.hashes += 1;
      return work(...args);
    };
  };
  return { counted, passwords: { hash: count(passwords.hash), verify: count(passwords.verify) } };
}

/** What an answer says that does not differ by request. */
export const said = ({ status, body }: { status: number; body: object }) => ({ status, ...body, request_id: '' });
