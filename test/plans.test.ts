import { expect } from 'vitest';
import { readBoard, readColumn } from '../db/board.ts';
import { readChanges } from '../db/changes.ts';
import { statement } from '../db/client.ts';
import { completionWritten, findCompletion, readCompletion } from '../db/completions.ts';
import { readDocuments, readWarranties } from '../db/document-lists.ts';
import { findDocument, readDocument } from '../db/documents.ts';
import { readCompletions, readHistory } from '../db/history.ts';
import { readNotifications, readUnreadCount } from '../db/notification-lists.ts';
import { readMyResidences, readResidence, readResidences } from '../db/residences.ts';
import { findSession } from '../db/sessions.ts';
import { readSummary } from '../db/summary.ts';
import { findTask, newTaskIds, readTask, tasksWritten, taskWritten } from '../db/tasks.ts';
import { findSuggestible } from '../db/templates.ts';
import type { Who } from '../db/who.ts';
import { COLUMNS } from '../domain/board.ts';
import { sha256 } from '../domain/session.ts';
import { NOW, type Person, test, type World } from './home.ts';
import { looked, parts } from './plan.ts';

const HOMES = 1_000;
const TASKS = 200_000;
const PAPERS = 40_000;
/** Of an owner; as many people again are members of two or three. */
const HOMES_EACH = 10;
const TASKS_EACH = (TASKS / HOMES) * HOMES_EACH;
/** Reading a smaller table from end to end may be the fastest way. */
const BIG_ROWS = 5_000;

/** A thousand homes whose tasks lie mixed, half of them done and logged, one in ten skipped: past every trigger. */
const FILL = `
  set session_replication_role = replica;
  insert into auth_user (username, email, password_hash, is_verified)
    select 'user' || n, 'user' || n || '@example.com', '-', true from generate_series(1, ${HOMES}) n;
  insert into user_authtoken (user_id, digest)
    select 1 + n % ${HOMES}, 'digest' || n from generate_series(1, ${HOMES * 10}) n;
  insert into residence_residence (name) select 'Home ' || n from generate_series(1, ${HOMES}) n;
  insert into residence_version (residence_id, version, raised_by) select id, 200, '3' from residence_residence;
  insert into residence_residence_users (residence_id, user_id, role)
    select id, (id + 9) / ${HOMES_EACH}, 'owner' from residence_residence
    union all select id, 101 + (id * 7 + n * 450) % 900, 'member' from residence_residence, generate_series(0, 1) n;
  insert into task_task (residence_id, title, category_id, priority_id, frequency_id, due_date, next_due_date, template_id,
      completion_count, last_completed_at)
    select 1 + n % ${HOMES}, 'Task ' || n, 1 + n % 16, 1 + n % 4, 1 + n % 10, date '2026-03-07' + n % 90 - 20,
      case when n % 20 > 1 then date '2026-03-07' + n % 90 - 20 end, 1 + n % 60, n % 2,
      case when n % 2 = 1 then timestamptz '${NOW}' - n % 90 * interval '1 day' end
    from generate_series(1, ${TASKS}) n;
  insert into task_taskcompletion (task_id, residence_id, completed_at)
    select id, residence_id, last_completed_at from task_task where completion_count = 1;
  insert into task_taskcompletionimage (completion_id, residence_id, object_key, content_type, size)
    select id, residence_id, 'photo' || id, 'image/jpeg', 1 from task_taskcompletion where id % 10 = 0;
  insert into task_taskskip (task_id, residence_id, next_due_date)
    select id, residence_id, due_date from task_task where id % 10 = 1;
  insert into task_document (residence_id, title, document_type, ends_on)
    select 1 + n % ${HOMES}, 'Paper ' || n, case n / ${HOMES} % 2 when 0 then 'warranty' else 'manual' end,
      case when n / ${HOMES} % 4 > 0 then date '2026-03-07' + n % 719 - 360 end
    from generate_series(1, ${PAPERS}) n;
  insert into task_documentimage (document_id, residence_id, object_key, content_type, size)
    select id, residence_id, 'paper' || id || '-' || n, 'application/pdf', 1 from task_document, generate_series(1, 2) n;
  insert into notifications_notification (user_id, type, title, body, read_at)
    select 1 + n % ${HOMES}, 'task_overdue', 'Was due', 'Task', case when n % 10 > 0 then timestamptz '${NOW}' end
    from generate_series(1, ${TASKS}) n;
  insert into change_log (residence_id, version, n, type, action, entity_id)
    select residence_id, 1 + id / ${HOMES}, 1, 'task', 'created', id from task_task where completion_count = 1;
  set session_replication_role = origin;
  analyze`;

const SOMEBODY: Person = { user_id: 1, username: 'user1', token: 'x'.repeat(43) };

async function fill(world: World): Promise<Who> {
  const digest = sha256(SOMEBODY.token);
  await world.rows(FILL);
  await world.rows('insert into user_authtoken (user_id, digest) values ($1, $2)', [SOMEBODY.user_id, digest]);
  return { digest, zone: null, now: NOW };
}

type Asked = { getQuery(): { sql: string; params: unknown[] } };

/** What is asked often, a row or a page at a time. */
function few({ db }: World['ports'], who: Who): Record<string, Asked> {
  const page = { limit: 50, after: null };
  const list = { residence_id: null, task_id: null, from: null, to: null, ...page };
  return {
    session: findSession(db, who, null),
    task: readTask(db, who, 1, []),
    'a task to decide on': findTask(db, who, 1),
    completion: readCompletion(db, who, 1, []),
    'a completion to decide on': findCompletion(db, who, 1),
    'completions of a task': readCompletions(db, who, { ...list, task_id: 1 }, []),
    'completions of a home': readCompletions(db, who, { ...list, residence_id: 2 }, []),
    'completions behind a page': readCompletions(db, who, { ...list, after: [NOW, 1] }, []),
    completions: readCompletions(db, who, list, []),
    'history of a task': readHistory(db, who, { task_id: 1, ...page }, []),
    document: readDocument(db, who, 1, []),
    'a document to decide on': findDocument(db, who, 1),
    documents: readDocuments(db, who, page, []),
    'documents of a home': readDocuments(db, who, { ...page, residence_id: 2 }, []),
    'documents behind a page': readDocuments(db, who, { ...page, after: [null, 20_000] }, []),
    'documents that end soon': readDocuments(db, who, { ...page, expiring_within_days: 30 }, []),
    warranties: readWarranties(db, who, page, []),
    residence: readResidence(db, who, 1, []),
    residences: readResidences(db, who, page, []),
    notifications: readNotifications(db, who, page, []),
    'unread notifications': readUnreadCount(db, who, []),
  };
}

/** What is about every task of a home, or of ten. */
function many({ db }: World['ports'], who: Who): Record<string, Asked> {
  const columns = COLUMNS.map(({ name }) => name);
  const board = { days: 30, columns, residence_id: null };
  const column = { days: 30, residence_id: null, limit: 50, after: null };
  return {
    board: readBoard(db, who, board, []),
    'board of a home': readBoard(db, who, { ...board, residence_id: 1 }, []),
    ...Object.fromEntries(columns.map((name) => [name, readColumn(db, who, { ...column, column: name }, [])])),
    summary: readSummary(db, who, []),
    'residences/my': readMyResidences(db, who, { limit: 50, after: null }, []),
    suggestions: findSuggestible(db, who, 1),
    'all changes': readChanges(db, who, { since: {}, limit: 50 }, []),
    'changes half way': readChanges(db, who, { since: { 1: [100, 3, TASKS / 2] }, limit: 50 }, []),
    'changes since': readChanges(db, who, { since: { 1: [150, 0], 2: [200, 0] }, limit: 50 }, []),
    'a task written': statement(db, taskWritten(who, 1)),
    'a batch written': statement(db, tasksWritten(who, newTaskIds(1))),
    'a completion written': statement(db, completionWritten(who, 1, 1)),
  };
}

test('every hot read finds what it needs by an index, and looks at little else', async ({ world }) => {
  const who = await fill(world);
  const tables = await world.rows(`select relname from pg_class where relkind = 'r' and reltuples > ${BIG_ROWS}`);
  const big = new Set<string | undefined>(tables.map(({ relname }) => relname));
  expect(big).toContain('task_task');

  const complaints: string[] = [];
  const judge = async (reads: Record<string, Asked>, most: number) => {
    for (const [name, read] of Object.entries(reads)) {
      const { sql, params } = read.getQuery();
      const [explained] = await world.rows(`explain (analyze, format json) ${sql}`, params);
      const plan = explained['QUERY PLAN'][0].Plan;
      const scans = parts(plan).filter((part) => big.has(part['Relation Name']));
      const rows = scans.reduce((sum, scan) => sum + looked(scan), 0);
      expect(scans, name).not.toEqual([]);
      for (const scan of scans) {
        if (scan['Node Type'] === 'Seq Scan') complaints.push(`${name} reads the whole of ${scan['Relation Name']}`);
      }
      if (rows > most) complaints.push(`${name} looks at ${rows} rows`);
    }
  };
  await judge(few(world.ports, who), HOMES_EACH * 100);
  await judge(many(world.ports, who), TASKS_EACH * 2);
  expect(complaints).toEqual([]);

  const before = world.trips.length;
  const { status, body } = await world.send('GET', '/api/tasks/', SOMEBODY);
  const shown = body.columns.reduce((sum: number, column: { count: number }) => sum + column.count, 0);
  expect([status, shown, world.trips.length - before]).toEqual([200, TASKS_EACH, 1]);
}, 60_000);
