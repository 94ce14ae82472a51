import { documented } from '../workers/app.ts';
import type { Operation } from '../workers/http/operations.ts';
import { ACCOUNTS } from './operations/accounts.ts';
import { CONTRACTORS } from './operations/contractors.ts';
import { DOCUMENT_FILES } from './operations/document-files.ts';
import { DOCUMENTS } from './operations/documents.ts';
import { JOBS } from './operations/jobs.ts';
import { NOTIFICATIONS } from './operations/notifications.ts';
import { RESIDENCES, SHARING } from './operations/residences.ts';
import type { Samples } from './operations/sample.ts';
import { SEARCH } from './operations/search.ts';
import { SUBSCRIPTIONS } from './operations/subscriptions.ts';
import { SYNC } from './operations/sync.ts';
import { TASKS } from './operations/tasks.ts';
import { UPLOADS } from './operations/uploads.ts';

/** What an operation is called in a test: its method, and its path as the contract spells it. */
export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  const plain = path.replace(/\{[^}]*\}/g, '').replace(/\/$/, '');
  return `${method} ${plain.endsWith('.json') ? plain : `${plain}/`}`;
}

type Named = Operation & { name: string; isPublic: boolean };

const all = (): Named[] =>
  documented().map((operation) => ({ ...operation, name: nameOf(operation), isPublic: operation.door === 'public' }));
const isOfAdmins = ({ path }: Operation): boolean => path.startsWith('/api/admin');

/** Every operation there is for users, and for everybody. */
export const operations = (): Named[] => all().filter((operation) => !isOfAdmins(operation));

/** Those of the dashboard: they have a matrix of their own. */
export const adminOperations = (): Named[] => all().filter(isOfAdmins);

/** A valid request to each operation of signed-in users: what is not here fails the tenancy matrix and the trip budget. */
export const SAMPLES: Samples = {
  ...ACCOUNTS,
  ...RESIDENCES,
  ...SHARING,
  ...TASKS,
  ...CONTRACTORS,
  ...SEARCH,
  ...DOCUMENTS,
  ...DOCUMENT_FILES,
  ...UPLOADS,
  ...SUBSCRIPTIONS,
  ...SYNC,
  ...NOTIFICATIONS,
  ...JOBS,
};
