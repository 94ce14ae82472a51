import * as z from 'zod';
import { civilDate } from '../../domain/dates.ts';
import type { Ports } from '../../usecases/ports.ts';
import { nothingKept } from '../../usecases/read-static-data.ts';
import { app } from '../../workers/app.ts';
import { drawAct, type Request } from './acts.ts';
import { notHere, passwords, SETTINGS, UNUSED } from './ports.ts';
import type { Family, Round } from './round.ts';

const Registered = z.object({ token: z.string(), user: z.object({ id: z.int() }) });

/** Somebody of a family does something, through the API. */
export async function act(round: Round, family: Family, tokens: Map<number, string>): Promise<void> {
  const { facts, dice, number } = family;
  const newcomer = facts.people.find(({ email, is_verified }) => !is_verified && round.codes.has(email));
  const request: Request | null =
    newcomer && dice.chance(0.5)
      ? {
          by: newcomer.id,
          method: 'POST',
          path: '/api/auth/verify-email/',
          input: { code: round.codes.get(newcomer.email) },
        }
      : drawAct({ dice, facts, number, today: civilDate(round.now(), 'UTC') });
  if (!request) return;
  const { status, text } = await ask(round, family, request, tokens);
  round.count(status < 300 ? 'acts' : 'acts refused');
  if (status >= 500) round.ledger.breaks(0, `${request.method} ${request.path} answered ${status}`);
  if (request.by === null && status === 201) {
    const { user, token } = Registered.parse(JSON.parse(text));
    const user_id = user.id;
    tokens.set(user_id, token);
    family.user_ids.push(user_id);
    round.familyOf.set(user_id, family);
  }
  if (status < 300) await round.look(family);
}

async function ask(round: Round, family: Family, { by, method, path, input }: Request, tokens: Map<number, string>) {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (by !== null) headers.set('authorization', `Token ${tokens.get(by)}`);
  const after: Promise<unknown>[] = [];
  const ports: Ports = {
    db: round.database.db,
    now: round.now,
    ring: (bells) => round.post.ring(bells, round.clock.true_ms),
    defer: (work) => void after.push(work),
    log: () => {},
    limit: async () => true,
    passwords,
    ...UNUSED,
    mail: notHere,
    push: notHere,
    verifyIdentity: notHere,
    address: `10.0.${family.number >> 8}.${family.number & 255}`,
    site: async () => new Response(''),
    settings: SETTINGS,
    static_data: nothingKept(),
  };
  const body = method === 'GET' || input === undefined ? null : JSON.stringify(input);
  const response = await app.request(path, { method, headers, body }, ports);
  const text = await response.text();
  await Promise.all(after);
  family.story.push(`${round.now()} ${by}: ${method} ${path} ${body ?? ''} → ${response.status}`);
  return { status: response.status, text };
}
