import { Refusal } from '../api/client';

/** What people are told of an error. */
export function saidBy(error: unknown): string {
  if (error instanceof Refusal) return [error.message, ...Object.values(error.problem.fields ?? {}).flat()].join(' ');
  return error instanceof Error ? error.message : String(error);
}
