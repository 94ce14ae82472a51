import { documented } from '../workers/app.ts';
import type { Operation } from '../workers/http/operations.ts';
import { ACCOUNTS } from './operations/accounts.ts';
import { CONTRACTORS } from './operations/contractors.ts';
import { NOTIFICATIONS } from './operations/notifications.ts';
import { RESIDENCES, SHARING } from './operations/residences.ts';
import type { Samples } from './operations/sample.ts';
import { SUBSCRIPTIONS } from './operations/subscriptions.ts';
import { SYNC } from './operations/sync.ts';
import { TASKS } from './operations/tasks.ts';

/** What an operation is called in a test: its method, and its path as the contract spells it. */
export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  const plain = path.replace(/\{[^}]*\}/g, '').replace(/\/$/, '');
  return `${method} ${plain.endsWith('.json') ? plain : `${plain}/`}`;
}

/** Every operation there is. */
export const operations = (): (Operation & { name: string })[] =>
  documented().map((operation) => ({ ...operation, name: nameOf(operation) }));

/** A valid request to each operation of signed-in users: what is not here fails the tenancy matrix and the trip budget. */
export const SAMPLES: Samples = {
  ...ACCOUNTS,
  ...RESIDENCES,
  ...SHARING,
  ...TASKS,
  ...CONTRACTORS,
  ...SUBSCRIPTIONS,
  ...SYNC,
  ...NOTIFICATIONS,
};
