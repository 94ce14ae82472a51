import { AppError } from '../../domain/errors.ts';
import { bareProblem } from '../http/problem.ts';
import type { Plan } from './plan.ts';

const RETRY_AFTER_S = 2;
const STREAMED = 'The file could not be taken to its end. Send all of it again.';
const PERHAPS_DONE = 'It may have been done, or not. Look before you send it again.';

/** What can't be tried a second time says so; with the headers of the answer that there is, if there is one. */
export async function sendAgain(plan: Plan, request_id: string, own?: Response): Promise<Response> {
  const detail = plan === 'stream' ? STREAMED : PERHAPS_DONE;
  const error = new AppError('database_unavailable', detail, { retry_after_s: RETRY_AFTER_S });
  const { body, status, headers: said } = bareProblem(error, request_id);
  await own?.body?.cancel();
  const headers = new Headers(own?.headers);
  for (const [name, value] of said) headers.set(name, value);
  return new Response(body, { status, headers });
}
