import { Hono } from 'hono';
import {
  contractors as contractorSource,
  documents as documentSource,
  oneContractor,
  oneDocument,
} from '../../../db/admin/household.ts';
import { oneResidence, residences as source } from '../../../db/admin/residences.ts';
import { completions, oneCompletion, oneTask, tasks } from '../../../db/admin/tasks.ts';
import { AdminContractor, ContractorRow, ContractorsQuery } from '../../../domain/admin/contractor.ts';
import { AdminDocument, DocumentRow, DocumentsQuery } from '../../../domain/admin/document.ts';
import { AdminBoardQuery, AdminResidence, ResidenceRow, ResidencesQuery } from '../../../domain/admin/residence.ts';
import {
  AdminCompletion,
  AdminTask,
  CompletionRow,
  CompletionsQuery,
  TaskRow,
  TasksQuery,
} from '../../../domain/admin/task.ts';
import { Board } from '../../../domain/task.ts';
import { restoreHome, showBoard, turnResidence } from '../../../usecases/admin/residences.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { list } from '../../http/admin-list.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { endpoint, Id, params, query } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

/** Homes, and what families keep in them. */
export const homes = new Hono<AppEnv>({ strict: false });

list(homes, '/residences', 'List homes', { row: ResidenceRow, query: ResidencesQuery, source });

homes.get(
  '/residences/:id{[0-9]+}',
  endpoint('Read a home and who is in it', { 200: AdminResidence }),
  params(Id),
  async (c) => sendMade(c, await readAsAdmin(c.var.admin, oneResidence(c.req.valid('param').id))),
);

homes.get(
  '/residences/:id{[0-9]+}/board',
  endpoint('Read a home’s board as a member sees it', { 200: Board }),
  params(Id),
  query(AdminBoardQuery),
  async (c) => sendMade(c, await showBoard(c.var.admin, c.req.valid('param').id, c.req.valid('query'))),
);

for (const verb of ['pause', 'resume'] as const) {
  homes.post(
    `/residences/:id{[0-9]+}/${verb}`,
    endpoint(
      verb === 'pause' ? 'Pause a home: it reminds nobody' : 'Resume a home',
      { 200: AdminResidence },
      [403, 409],
    ),
    params(Id),
    async (c) => sendWritten(c, await turnResidence(c.var.admin, c.req.valid('param').id, verb === 'pause')),
  );
}

homes.post(
  '/residences/:id{[0-9]+}/restore',
  endpoint('Bring a deleted home back', { 200: AdminResidence }, [403, 409]),
  params(Id),
  async (c) => sendWritten(c, await restoreHome(c.var.admin, c.req.valid('param').id)),
);

list(homes, '/tasks', 'List tasks', { row: TaskRow, query: TasksQuery, source: tasks });

homes.get('/tasks/:id{[0-9]+}', endpoint('Read a task', { 200: AdminTask }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneTask(c.req.valid('param').id))),
);

list(homes, '/completions', 'List completions', { row: CompletionRow, query: CompletionsQuery, source: completions });

homes.get('/completions/:id{[0-9]+}', endpoint('Read a completion', { 200: AdminCompletion }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneCompletion(c.req.valid('param').id))),
);

list(homes, '/contractors', 'List contractors', {
  row: ContractorRow,
  query: ContractorsQuery,
  source: contractorSource,
});

homes.get('/contractors/:id{[0-9]+}', endpoint('Read a contractor', { 200: AdminContractor }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneContractor(c.req.valid('param').id))),
);

list(homes, '/documents', 'List documents', { row: DocumentRow, query: DocumentsQuery, source: documentSource });

homes.get('/documents/:id{[0-9]+}', endpoint('Read a document', { 200: AdminDocument }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneDocument(c.req.valid('param').id, c.var.admin.now()))),
);
