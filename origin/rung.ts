import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import { Doorbell, Queue } from '../domain/event.ts';
import type { Ports } from '../usecases/ports.ts';
import { bareProblem } from '../workers/http/problem.ts';
import { fromTheEdge, type Trust } from './caller.ts';

const Bells = z.array(Doorbell.extend({ queue: Queue })).max(100);

/** The edge has rung: what waits for this process is taken up now, and not at its next poll. Nobody else is heard. */
export async function rung(
  asked: Request,
  trust: Trust,
  { ring, log }: Pick<Ports, 'ring' | 'log'>,
): Promise<Response> {
  const caller = asked.method === 'POST' ? await fromTheEdge(asked, trust) : null;
  const bells = Bells.safeParse(await caller?.request.json().catch(() => null));
  if (!bells.success) return bareProblem(new AppError('misdirected', 'Only the edge rings here.'), crypto.randomUUID());
  void ring(bells.data).catch((error) => log('ring.failed', { error: String(error) }));
  return new Response(null, { status: 202 });
}
