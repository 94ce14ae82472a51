import createClient from 'openapi-fetch';
import createHooks from 'openapi-react-query';
import type { components, paths } from '../../generated/api';
import { askForConfirmation } from './confirmation';

export type Problem = components['schemas']['Problem'];

/** What the API refused, in its own words. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.error);
    this.problem = problem;
  }
}

export const isRefusal = (error: unknown, code: Problem['code']): boolean =>
  error instanceof Refusal && error.problem.code === code;

/** Every write says that it is JSON, one without a body too: no form of another site can. */
const client = createClient<paths>({
  baseUrl: window.location.origin,
  headers: { 'content-type': 'application/json' },
  fetch: sent,
});

/** The API as hooks, with the types of its own document. */
export const api = createHooks(client);

/** For the one place where the path is data (list/list-page.tsx). */
export async function fetchJson<T>(address: string): Promise<T> {
  const response = await sent(new Request(address));
  return await response.json();
}

/** What destroys asks for a confirmation once; the same request is then sent again. */
async function sent(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.code === 'confirmation_required' && (await askForConfirmation())) return await sent(again);
  throw new Refusal(problem);
}

/** Something on the way may have answered in the API's place. */
async function problemOf(response: Response): Promise<Problem> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem) return await response.json();
  const error = `The API did not answer (${response.status}).`;
  const { status } = response;
  return { type: 'about:blank', title: 'internal', status, detail: error, code: 'internal', error, request_id: '' };
}
