import { COLUMNS, type ColumnName } from './board.ts';
import { addInterval, civilDate } from './dates.ts';
import { kanbanColumn, type TaskState } from './task.ts';

type Text = string | null;

/** A home as a report names it. */
export type ReportHome = {
  name: string;
  property_type: Text;
  street_address: Text;
  apartment_unit: Text;
  city: Text;
  state_province: Text;
  postal_code: Text;
  country: Text;
  bedrooms: number | null;
  bathrooms: number | null;
  square_footage: number | null;
  lot_size: number | null;
  year_built: number | null;
} & Record<Choice, Text> &
  Record<Feature, boolean | null>;

type Choice = keyof typeof CHOICES;
type Feature = keyof typeof FEATURES;

export type ReportTask = TaskState & {
  id: number;
  title: string;
  estimated_cost: Text;
  category: Text;
  priority: Text;
  level: number | null;
  frequency: Text;
  contractor: Text;
  assigned_to: Text;
};

export type ReportCompletion = {
  id: number;
  /** As precise as the database keeps it: where the next page begins. */
  at: string;
  completed_at: string;
  title: string;
  category: Text;
  occurrence: Text;
  actual_cost: Text;
  rating: number | null;
  notes: string;
  completed_by: Text;
};

export type ReportContractor = {
  name: string;
  company: Text;
  phone: Text;
  email: Text;
  rating: number | null;
  is_favorite: boolean;
  specialties: Text;
};

export type ReportWarranty = {
  title: string;
  item_name: Text;
  provider: Text;
  provider_contact: Text;
  model_number: Text;
  serial_number: Text;
  ends_on: Text;
};

export type ReportFacts = {
  home: ReportHome;
  tasks: ReportTask[];
  /** The newest first. */
  completions: ReportCompletion[];
  /** There were more of them than a report lists. */
  is_cut: boolean;
  contractors: ReportContractor[];
  warranties: ReportWarranty[];
  today: string;
  zone: string;
};

type Cost = { label: string; cost: number };

/** What is printed: every word and number of it but the headings. */
export type Report = ReturnType<typeof reportOf>;

/** A report on the requester's day: tasks by the rules of the board, and what was spent. */
export function reportOf({ home, tasks, completions, is_cut, contractors, warranties, today, zone }: ReportFacts) {
  const dated = completions.map((done) => ({ ...done, date: civilDate(done.completed_at, zone) }));
  const columns = columnsOf(tasks, today, zone);
  const costs = dated.filter(({ actual_cost }) => actual_cost !== null);
  return {
    name: home.name,
    made_on: today,
    zone,
    address: addressOf(home),
    facts: factsOf(home),
    counts: columns.map(({ display_name, color, tasks: some }) => ({ label: display_name, color, count: some.length })),
    columns: columns.filter(({ tasks: some }) => some.length > 0),
    history: dated,
    is_cut,
    spent: sum(costs).toFixed(2),
    by_month: byMonth(costs, today),
    by_category: byCategory(costs),
    contractors,
    warranties: warranties.map((warranty) => ({
      ...warranty,
      is_over: warranty.ends_on !== null && warranty.ends_on < today,
    })),
  };
}

function columnsOf(tasks: ReportTask[], today: string, zone: string) {
  const by_column = Map.groupBy(tasks, (task) => kanbanColumn(task, today));
  return COLUMNS.map(({ name, display_name, color }) => ({
    name,
    display_name,
    color,
    tasks: (by_column.get(name) ?? []).toSorted(inOrder(name)).map((task) => ({
      title: task.title,
      date:
        name === 'completed_tasks' && task.last_completed_at ? civilDate(task.last_completed_at, zone) : dateOf(task),
      category: task.category,
      priority: task.priority,
      frequency: task.frequency ?? customOf(task),
      who: task.assigned_to ?? task.contractor,
    })),
  }));
}

const dateOf = (task: ReportTask): Text => task.next_due_date ?? task.due_date;

const customOf = ({ custom_interval, custom_unit }: ReportTask): Text =>
  custom_interval === null ? null : `Every ${custom_interval} ${custom_unit}${custom_interval === 1 ? '' : 's'}`;

/** tasks.md, Board. Dates compare as text. */
const inOrder = (column: ColumnName) => (a: ReportTask, b: ReportTask) =>
  (column === 'completed_tasks' ? compare(b.last_completed_at ?? '', a.last_completed_at ?? '') : 0) ||
  compare(dateOf(a) ?? '~', dateOf(b) ?? '~') ||
  (b.level ?? 0) - (a.level ?? 0) ||
  a.id - b.id;

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

type Costly = { date: string; category: Text; actual_cost: Text };

const cents = ({ actual_cost }: Costly): number => Math.round(Number(actual_cost) * 100);
const sum = (costs: Costly[]): number => costs.reduce((total, cost) => total + cents(cost), 0) / 100;

const MONTHS = 12;

/** The last twelve months, those without any too. */
function byMonth(costs: Costly[], today: string): Cost[] {
  const by_month = Map.groupBy(costs, ({ date }) => date.slice(0, 7));
  return Array.from({ length: MONTHS }, (_, n) => addInterval(`${today.slice(0, 7)}-01`, n - MONTHS + 1, 'month')).map(
    (first) => ({ label: first.slice(0, 7), cost: sum(by_month.get(first.slice(0, 7)) ?? []) }),
  );
}

const CATEGORIES = 8;

/** The most expensive first, the smallest together. */
function byCategory(costs: Costly[]): Cost[] {
  const all = [...Map.groupBy(costs, ({ category }) => category ?? 'No category')]
    .map(([label, some]) => ({ label, cost: sum(some) }))
    .sort((a, b) => b.cost - a.cost);
  const rest = all.slice(CATEGORIES).reduce((total, { cost }) => total + cost, 0);
  return [...all.slice(0, CATEGORIES), ...(rest > 0 ? [{ label: 'Other', cost: rest }] : [])];
}

function addressOf(home: ReportHome): string {
  const { street_address, apartment_unit, city, state_province, postal_code, country } = home;
  const region = [state_province, postal_code].filter(Boolean).join(' ');
  return [street_address, apartment_unit, city, region, country].filter(Boolean).join(', ');
}

const CHOICES = {
  heating_type: 'Heating',
  cooling_type: 'Cooling',
  water_heater_type: 'Water heater',
  roof_type: 'Roof',
  exterior_type: 'Exterior',
  flooring_primary: 'Flooring',
  landscaping_type: 'Garden',
};
const FEATURES = {
  has_pool: 'pool',
  has_sprinkler_system: 'sprinklers',
  has_septic: 'septic tank',
  has_fireplace: 'fireplace',
  has_garage: 'garage',
  has_basement: 'basement',
  has_attic: 'attic',
};

/** What is known of a home, in words. */
function factsOf(home: ReportHome): { label: string; value: string }[] {
  const has = (Object.keys(FEATURES) as Feature[]).filter((feature) => home[feature]).map((name) => FEATURES[name]);
  const numbers: [string, number | null][] = [
    ['Built in', home.year_built],
    ['Bedrooms', home.bedrooms],
    ['Bathrooms', home.bathrooms],
    ['Square feet', home.square_footage],
    ['Lot size', home.lot_size],
  ];
  const choices = (Object.keys(CHOICES) as Choice[]).map((name) => [CHOICES[name], home[name]] as const);
  return [['Type', home.property_type] as const, ...numbers, ...choices, ['Has', has.join(', ')] as const].flatMap(
    ([label, value]) => (value === null || value === '' ? [] : [{ label, value: String(value).replaceAll('_', ' ') }]),
  );
}
