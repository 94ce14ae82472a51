import { Refusal } from '../api/client';
import { saidBy } from '../show/said-by';

/** What is wrong with each field of a form, and what belongs to none beside one of them. */
export function fieldErrors(error: unknown, elsewhere: string): Record<string, string> {
  const fields = error instanceof Refusal ? error.problem.fields : undefined;
  if (!fields) return { [elsewhere]: saidBy(error) };
  return Object.fromEntries(Object.entries(fields).map(([name, faults]) => [name, faults.join(' ')]));
}
