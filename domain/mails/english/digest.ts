import type { ColumnName } from '../../board.ts';
import type { Block, Wording } from '../letter.ts';
import { counted, fromToday, inShort, inWords, openApp } from './phrases.ts';

/** As many as one looks through in a mail; the rest is counted. */
const TASKS_SHOWN = 10;

export const digest = {
  dailyDigest: ({ today, residences, app_url }: Digest): Wording => {
    const homes = residences
      .map(({ name, columns }) => ({ name, columns: columns.filter(({ count }) => count > 0) }))
      .filter(({ columns }) => columns.length > 0);
    const heading = homes.length === 1 ? 'Your home today' : 'Your homes today';
    return {
      subject: `${heading}: ${summary(homes)}`,
      heading,
      body: [
        `${inWords(today)}: ${summary(homes)}.`,
        ...homes.flatMap((home) => blocksOf(home, today)),
        openApp(app_url),
      ],
    };
  },
};

type Digest = { today: string; residences: Home[]; app_url: string };
type Home = { name: string; columns: Column[] };
/** `count` is of all, also of those that are not in `tasks`. */
type Column = { name: ColumnName; count: number; tasks: Task[] };
type Task = { title: string; effective_date: string | null };

const COLUMNS: Record<ColumnName, string> = {
  overdue_tasks: 'Overdue',
  due_soon_tasks: 'Due soon',
  upcoming_tasks: 'Upcoming',
  in_progress_tasks: 'In progress',
  completed_tasks: 'Completed',
  cancelled_tasks: 'Cancelled',
};

/** “2 overdue, 1 due soon”, or how many tasks there are if that is neither. */
function summary(homes: Home[]): string {
  const columns = homes.flatMap(({ columns }) => columns);
  const total = (some: Column[]) => some.reduce((sum, { count }) => sum + count, 0);
  const [overdue = 0, soon = 0] = (['overdue_tasks', 'due_soon_tasks'] as const).map((name) =>
    total(columns.filter((column) => column.name === name)),
  );
  const urgent = [overdue > 0 ? `${overdue} overdue` : '', soon > 0 ? `${soon} due soon` : ''];
  return urgent.filter((part) => part !== '').join(', ') || counted(total(columns), 'task');
}

const blocksOf = ({ name, columns }: Home, today: string): Block[] => [
  { home: name },
  ...columns.map((column) => ({ column: columnOf(column, today) })),
];

function columnOf({ name, count, tasks }: Column, today: string) {
  const shown = tasks.slice(0, TASKS_SHOWN);
  const left = count - shown.length;
  return {
    of: name,
    name: `${COLUMNS[name]} (${count})`,
    tasks: shown.map(({ title, effective_date }) => ({ title, when: whenOf(effective_date, today) })),
    more: left > 0 ? `and ${counted(left, 'other task')}` : null,
  };
}

const whenOf = (date: string | null, today: string): string =>
  date === null ? 'No date' : `${inShort(date)} · ${fromToday(date, today)}`;
