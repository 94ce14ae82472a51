import * as z from 'zod';
import { ColumnName, DEFAULT_DAYS } from './board.ts';
import { addInterval } from './dates.ts';
import { civilDate, id, line, money, text, withoutDefaults } from './fields.ts';
import { type Interval, nextDueDate, type Series } from './recurrence.ts';
import { Frequency, LookUp, Priority, STATIC_DATA, Unit } from './static-data.ts';
import { TotalSummary } from './summary.ts';

/** How many tasks may be made at once. */
const MAX_BATCH = 50;

const Schedule = z
  .enum(['from_completion', 'fixed'])
  .describe('What the next date counts from: the completion, or the series that starts at the first due date');

/** A task as it is answered. */
export const Task = z
  .object({
    id: z.int(),
    residence_id: z.int(),
    title: z.string(),
    description: z.string(),
    category_id: z.int().nullable(),
    category: LookUp.nullable(),
    priority_id: z.int().nullable(),
    priority: Priority.nullable(),
    frequency_id: z.int().nullable(),
    frequency: Frequency.nullable(),
    custom_interval: z.int().nullable(),
    custom_unit: Unit.nullable(),
    schedule: Schedule,
    in_progress: z.boolean(),
    due_date: z.iso.date().nullable(),
    next_due_date: z.iso.date().nullable(),
    effective_date: z.iso.date().nullable().describe('The next due date, else the due date'),
    is_cancelled: z.boolean(),
    is_archived: z.boolean(),
    template_id: z.int().nullable(),
    contractor_id: z.int().nullable(),
    assigned_to_id: z.int().nullable(),
    estimated_cost: z.string().nullable(),
    created_by_id: z.int().nullable(),
    completion_count: z.int(),
    last_completed_at: z.iso.datetime().nullable(),
    kanban_column: ColumnName,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Task' });

const editable = {
  title: line(200, 1),
  description: text(5000).default(''),
  category_id: id().nullable().default(null),
  priority_id: id().nullable().default(null),
  frequency_id: id().nullable().default(null).describe('Excludes a custom interval'),
  custom_interval: z.int().min(1).max(1000).nullable().default(null),
  custom_unit: Unit.nullable().default(null),
  schedule: Schedule.default('from_completion'),
  in_progress: z.boolean().default(false),
  due_date: civilDate().nullable().default(null).describe('A recurring task without one is due today'),
  contractor_id: id().nullable().default(null).describe('A contractor of the residence'),
  assigned_to_id: id().nullable().default(null).describe('A member of the residence'),
  estimated_cost: money().nullable().default(null),
};

const TaskFields = z.object(editable);
type TaskFields = z.infer<typeof TaskFields>;

type Often = Partial<Pick<TaskFields, 'frequency_id' | 'custom_interval' | 'custom_unit'>>;
type Complaint = [field: string, message: string];

/** Half an interval is none. */
export function missingHalf({ custom_interval, custom_unit }: Often): Complaint | null {
  if (custom_interval != null && custom_unit == null) return ['custom_unit', 'Is needed with a custom interval.'];
  if (custom_unit != null && custom_interval == null) return ['custom_interval', 'Is needed with a custom unit.'];
  return null;
}

const twoFrequencies = ({ frequency_id, custom_interval }: Often): Complaint | null =>
  frequency_id != null && custom_interval != null ? ['frequency_id', 'Excludes a custom interval.'] : null;

const refuse = (complaintOf: (fields: Often) => Complaint | null) => (fields: z.core.ParsePayload<Often>) => {
  const [path, message] = complaintOf(fields.value) ?? [];
  if (path) fields.issues.push({ code: 'custom', path: [path], message, input: fields.value });
};

const creatable = { ...editable, template_id: id().nullable().default(null).describe('What it was made from; stays') };

export const NewTask = z
  .object({ residence_id: id(), ...creatable })
  .check(refuse(twoFrequencies), refuse(missingHalf))
  .meta({ id: 'NewTask' });
export type NewTask = z.infer<typeof NewTask>;

const BatchEntry = z
  .object(creatable)
  .check(refuse(twoFrequencies), refuse(missingHalf))
  .meta({ id: 'BatchEntry', description: 'A new task; a residence_id of its own is ignored' });

/** All or nothing. */
export const NewTasks = z
  .object({ residence_id: id(), tasks: z.array(BatchEntry).min(1).max(MAX_BATCH) })
  .meta({ id: 'NewTasks' });
export type NewTasks = z.infer<typeof NewTasks>;

/** PUT replaces: what is absent goes back to its default. */
export const TaskReplacement = z
  .object({ residence_id: id().optional().describe('May be sent, may not change'), ...editable })
  .check(refuse(twoFrequencies), refuse(missingHalf))
  .meta({ id: 'TaskReplacement' });

/** PATCH changes only what is sent: whether an interval is whole is known with the rest of the task. */
export const TaskChange = z
  .object({ residence_id: id(), ...withoutDefaults(editable) })
  .partial()
  .check(refuse(twoFrequencies))
  .meta({ id: 'TaskChange' });
export type TaskChange = z.infer<typeof TaskChange>;

/** What the rules need to know of a task. */
export type TaskState = {
  frequency_id: number | null;
  custom_interval: number | null;
  custom_unit: Unit | null;
  schedule: Series['schedule'];
  in_progress: boolean;
  due_date: string | null;
  next_due_date: string | null;
  anchor_date: string | null;
  is_cancelled: boolean;
  is_archived: boolean;
  completion_count: number;
  last_completed_at: string | null;
};

const effectiveDate = (task: Pick<TaskState, 'next_due_date' | 'due_date'>): string | null =>
  task.next_due_date ?? task.due_date;

export const isCompleted = (task: Pick<TaskState, 'next_due_date' | 'completion_count'>): boolean =>
  task.next_due_date === null && task.completion_count > 0;

/** The first match wins (tasks.md, Board). `db/columns.ts` says the same in SQL and is tested against this. */
export function kanbanColumn(task: TaskState, today: string, days = DEFAULT_DAYS): ColumnName {
  const date = effectiveDate(task);
  if (task.is_cancelled || task.is_archived) return 'cancelled_tasks';
  if (isCompleted(task)) return 'completed_tasks';
  if (task.in_progress) return 'in_progress_tasks';
  if (date === null) return 'upcoming_tasks';
  if (date < today) return 'overdue_tasks';
  return date < addInterval(today, days, 'day') ? 'due_soon_tasks' : 'upcoming_tasks';
}

/** How often a task comes back: from its look-up row, or of its own. */
function intervalOf(task: Pick<TaskState, 'frequency_id' | 'custom_interval' | 'custom_unit'>): Interval {
  if (task.custom_interval !== null && task.custom_unit !== null)
    return { every: task.custom_interval, unit: task.custom_unit };
  const frequency = STATIC_DATA.task_frequencies.find(({ id }) => id === task.frequency_id);
  if (!frequency?.interval || !frequency.unit) return null;
  return { every: frequency.interval, unit: frequency.unit };
}

type Dates = Pick<TaskState, 'due_date' | 'next_due_date' | 'anchor_date'>;

/** The dates of a new task. A recurring one without a date is due today, which may be known to the database alone. */
export function firstDates<Today>(
  task: Pick<TaskState, 'frequency_id' | 'custom_interval' | 'custom_unit' | 'due_date'>,
  today: Today,
) {
  if (intervalOf(task) === null) return { due_date: task.due_date, next_due_date: null, anchor_date: task.due_date };
  const due_date = task.due_date ?? today;
  return { due_date, next_due_date: due_date, anchor_date: due_date };
}

/**
 * The dates of a task whose fields were edited. A new due date starts the series again; a task that became recurring is
 * due on the date it had, or today; one that became one-time keeps the date that is open.
 */
export function datesAfterEdit(before: TaskState, after: TaskState, today: string): Dates {
  if (after.due_date === before.due_date && (intervalOf(after) === null || after.next_due_date !== null)) {
    return { due_date: after.due_date, next_due_date: after.next_due_date, anchor_date: after.anchor_date };
  }
  const dates = firstDates(after, today);
  if (after.completion_count === 0 || isCompleted(before)) return dates;
  // With a history and no next date it would count as completed: an edit closes no open task.
  return { ...dates, next_due_date: dates.next_due_date ?? dates.due_date ?? before.next_due_date };
}

/** A task as its series: how often it comes, and the occurrence that is open now. */
export const seriesOf = (task: TaskState): Series => ({
  interval: intervalOf(task),
  schedule: task.schedule,
  anchor_date: task.anchor_date,
  effective_date: effectiveDate(task),
});

/**
 * What a completion changes on its task, or null if an older one only joins the history. An earlier one of the same day
 * is older too: so the newest is always the one that moved the dates last, and deleting it can bring them back.
 */
export function afterCompletion(task: TaskState, completed_at: string, doneOn: string) {
  const newest = task.last_completed_at;
  if (newest !== null && Date.parse(completed_at) < Date.parse(newest)) return null;
  return { in_progress: false, next_due_date: nextDueDate(seriesOf(task), doneOn) };
}

export const TaskWritten = z.object({ data: Task, summary: TotalSummary }).meta({ id: 'TaskWritten' });

export const TasksWritten = z.object({ data: z.array(Task), summary: TotalSummary }).meta({ id: 'TasksWritten' });

export const Board = z
  .object({
    columns: z.array(
      z.object({
        name: ColumnName,
        display_name: z.string(),
        color: z.string(),
        button_types: z.array(z.string()),
        count: z.int().describe('Of all, also where the board shows only the newest 50'),
        tasks: z.array(Task),
      }),
    ),
    days_threshold: z.int(),
    today: z.iso.date(),
    zone: z.string(),
    residence_id: z.int().nullable(),
  })
  .meta({ id: 'Board' });
