import fc from 'fast-check';
import * as z from 'zod';
import { app } from '../../workers/app.ts';
import { Problem } from '../../workers/http/problem.ts';
import type { World } from '../home.ts';
import { PUBLIC } from '../operations/public.ts';
import { operations, SAMPLES } from '../operations.ts';
import { type Finding, finding } from './finding.ts';
import { inTurns } from './in-turns.ts';
import { type Strange, strangeFor } from './strange-body.ts';

/** So many are about the same rows: what one of them spends or deletes is there again for the next. */
const BATCH = 20;
const SHOWN = 5;

type Operation = ReturnType<typeof operations>[number];
type Options = { bodies: number; seed: number };

/** Sends each operation that takes a body many that nobody should send. */
export async function strangeBodies(world: World, { bodies, seed }: Options): Promise<Finding[]> {
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  let sent = 0;
  const takers = operations().filter(({ doc }) => doc.body);
  for (const [index, operation] of takers.entries()) {
    for (let at = 0; at < bodies; at += BATCH) {
      const { path, headers, body = {} } = await aRequest(world, operation);
      const strange = strangeFor(operation.doc.body ?? z.unknown(), body);
      const batch = fc.sample(strange, { seed: seed + index * bodies + at, numRuns: Math.min(BATCH, bodies - at) });
      await inTurns(batch, async (strange) => {
        sent += 1;
        const init = { method: operation.method, body: strange.body, headers: { ...headers, ...strange.headers } };
        // The limits count addresses; these bodies come from all over the world.
        const address = `10.${sent >> 16}.${(sent >> 8) & 255}.${sent & 255}`;
        const response = await app.request(path, init, { ...world.ports, address });
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        const complaint = whatIsWrong(operation, strange, response, await response.text());
        if (complaint) wrong.push(`${operation.name} ${complaint} to ${shown(strange)}`);
      });
    }
  }
  await world.settled();
  const crashes = world.logged.filter(({ event }) => event === 'request.crashed').map(({ error }) => String(error));
  const counts = [...statuses].sort().map(([status, count]) => `${status} × ${count}`);
  const figure = `${sent} sent (seed ${seed}): ${counts.join(', ')}; ${wrong.length} answered wrongly`;
  const what = `${bodies} strange bodies to each of ${takers.length} operations: no 5xx, every answer as documented`;
  const isGood = sent > 0 && wrong.length === 0 && crashes.length === 0;
  return [finding(what, isGood, [figure, ...wrong.slice(0, SHOWN), ...crashes.slice(0, SHOWN)].join('\n        '))];
}

/** A request as it should be, of somebody who may send it. */
async function aRequest(world: World, { name, isPublic }: Operation) {
  const sample = SAMPLES[name] ?? PUBLIC[name];
  if (!sample) throw new Error(`${name} is in no list`);
  await world.rows('delete from rate_counter'); // what samples make of their own comes from one address
  const home = await world.home();
  const { id: task_id } = await world.task(home.owner, home.residence_id);
  const more = await sample.make?.(world, home, home.owner);
  const { path, body, headers } = sample.request({ residence_id: home.residence_id, task_id, ...more });
  const authorization = isPublic ? undefined : { authorization: `Token ${home.owner.token}` };
  return { path, body, headers: { 'content-type': 'application/json', ...headers, ...authorization } };
}

/** An answer must be what the operation documents, and a refusal a problem that can be looked up; to a form, a page. */
function whatIsWrong({ doc }: Operation, sent: Strange, { status, headers }: Response, text: string): string | null {
  if (status >= 500) return `answered ${status} ${text}`;
  const type = headers.get('content-type') ?? '';
  const isForm = sent.headers['content-type']?.includes('form') ?? false;
  if (isForm && type.startsWith('text/html')) return null;
  if (status < 400) {
    const reply = doc.replies?.[status];
    if (reply === undefined) return `answered ${status}, which is not documented,`;
    const parsed = reply?.safeParse(JSON.parse(text));
    return parsed?.success === false ? `answered what is not documented (${parsed.error.message})` : null;
  }
  const problem = Problem.safeParse(type.includes('application/problem+json') ? JSON.parse(text) : null);
  const isTraceable = problem.success && problem.data.request_id === headers.get('x-request-id');
  return isTraceable ? null : `answered ${status} ${type} ${text.slice(0, 200)}`;
}

function shown({ body, headers }: Strange): string {
  const text = typeof body === 'string' ? body : `bytes ${Buffer.from(body).toString('hex')}`;
  return `${text.slice(0, 300)} ${JSON.stringify(headers)}`;
}
