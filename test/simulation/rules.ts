import { civilDate, localTime } from '../../domain/dates.ts';
import { DEFAULT_CHANNELS, DEFAULT_HOURS } from '../../domain/preferences.ts';
import { CATCH_UP_DAYS, dueStage, isQuiet, lastDateOfHour, typeOf, WARRANTY_STAGES } from '../../domain/reminder.ts';
import { isCompleted, kanbanColumn, seriesOf } from '../../domain/task.ts';
import { parseZone } from '../../domain/zone.ts';
import type { Facts, PersonFact, TaskFact, WarrantyFact } from './facts.ts';
import { remembered } from './remembered.ts';

// What tasks.md says of reminders, asked of a family's facts. The pure rules of domain/ are tested alone; of the SQL that
// is under test nothing is used here.

export type Channel = 'in_app' | 'push' | 'email';
type Type = 'task_due_soon' | 'task_overdue' | 'warranty_expiring' | 'daily_digest';

/** Who is told of what. `date` and `stage` of a digest: its day, and 0; of what is told once in a life: the epoch, and 0. */
export type Claim = {
  user_id: number;
  kind: string;
  subject_id: number;
  date: string;
  stage: number;
  channel: Channel;
};
/** By this it is known, whatever its ids are: of two ticks at the same moment either may be the first. */
export const keyOf = ({ user_id, kind, subject_id, date, stage, channel }: Claim): string =>
  [user_id, kind, subject_id, date, stage, channel].join(' ');

export const ONCE = '1970-01-01';

export type Due = Omit<Claim, 'channel'> & { channels: Channel[]; type: Type | null };

const hourOf = ({ choice }: PersonFact, type: Type) =>
  choice ? choice[`${type}_hour`] : DEFAULT_HOURS[`${type}_hour`];

export const zoneOf = ({ timezone }: PersonFact) => parseZone(timezone ?? 'UTC') ?? 'UTC';
export const isQuietFor = (person: PersonFact, now: string): boolean =>
  isQuiet(
    remembered(localTime)(now, zoneOf(person)),
    person.choice?.quiet_start ?? null,
    person.choice?.quiet_end ?? null,
  );
const lastDate = (person: PersonFact, type: Type, now: string): string =>
  remembered(lastDateOfHour)(now, hourOf(person, type), zoneOf(person));

export function channelsFor(person: PersonFact, type: Type): Channel[] {
  const wish = person.choice?.channels[type] ?? DEFAULT_CHANNELS;
  const possible = { in_app: true, push: person.devices.length > 0, email: person.is_verified };
  return (['in_app', 'push', 'email'] as const).filter((channel) => wish[channel] && possible[channel]);
}

const homeOf = (facts: Facts, id: number) => facts.homes.find((home) => home.id === id);
const isLive = (facts: Facts, residence_id: number) => {
  const home = homeOf(facts, residence_id);
  return home !== undefined && !home.is_deleted && !home.is_paused;
};
const membershipsOf = (facts: Facts, user_id: number) => facts.members.filter((member) => member.user_id === user_id);
const dateOf = (task: TaskFact) => task.next_due_date ?? task.due_date;
const isOpen = (task: TaskFact) => !task.is_cancelled && !task.is_archived && !isCompleted(task);

/** Whoever it is assigned to, if they are still there; else whoever may do it. */
function isTheirs(facts: Facts, task: TaskFact, user_id: number): boolean {
  const member = facts.members.find((m) => m.user_id === user_id && m.residence_id === task.residence_id);
  if (!member) return false;
  if (task.assigned_to_id === user_id) return true;
  const assignee = facts.people.find(({ id }) => id === task.assigned_to_id);
  return member.role !== 'viewer' && (!assignee || assignee.is_deleted);
}

const stageOf = remembered((effective_date: string, every: number, unit: string, due_soon: string, overdue: string) =>
  dueStage({
    effective_date,
    interval: every === 0 ? null : { every, unit: unit as 'day' | 'week' | 'month' | 'year' },
    today: { task_due_soon: due_soon, task_overdue: overdue },
    since: null,
  }),
);

/** The stage of a task that somebody is to be told of now, if nobody told them of it or of a newer one. */
export function stageFor(person: PersonFact, task: TaskFact, now: string): number | null {
  const date = dateOf(task);
  if (date === null) return null;
  const { interval } = seriesOf(task);
  const [due_soon, overdue] = [lastDate(person, 'task_due_soon', now), lastDate(person, 'task_overdue', now)];
  return stageOf(date, interval?.every ?? 0, interval?.unit ?? '', due_soon, overdue);
}

/** Every task somebody has a hand in, of homes that are not paused. */
export const openTasksOf = (facts: Facts, user_id: number): TaskFact[] =>
  facts.tasks.filter((task) => isLive(facts, task.residence_id) && isOpen(task) && isTheirs(facts, task, user_id));

export function dueTasks(facts: Facts, person: PersonFact, now: string): Due[] {
  return openTasksOf(facts, person.id).flatMap((task) => {
    const [stage, date] = [stageFor(person, task, now), dateOf(task)];
    if (stage === null || date === null) return [];
    const type = typeOf(stage);
    const channels = channelsFor(person, type);
    return [{ user_id: person.id, kind: 'task', subject_id: task.id, date, stage, channels, type }];
  });
}

/** Every warranty in use, of homes that are not paused and in which somebody may do more than look. */
const warrantiesOf = (facts: Facts, user_id: number): WarrantyFact[] =>
  facts.warranties.filter(
    ({ residence_id, is_active }) =>
      is_active &&
      isLive(facts, residence_id) &&
      facts.members.some((m) => m.user_id === user_id && m.residence_id === residence_id && m.role !== 'viewer'),
  );

/** The newest stage whose day has come, on that day or in the three after it. */
export function dueWarranties(facts: Facts, person: PersonFact, now: string): Due[] {
  const today = Date.parse(lastDate(person, 'warranty_expiring', now));
  const channels = channelsFor(person, 'warranty_expiring');
  return warrantiesOf(facts, person.id).flatMap(({ id, ends_on }) => {
    if (ends_on === null) return [];
    const dayOf = (stage: number) => Date.parse(ends_on) - stage * DAY_MS;
    const stage = WARRANTY_STAGES.findLast((one) => dayOf(one) <= today);
    if (stage === undefined || today > dayOf(stage) + CATCH_UP_DAYS * DAY_MS) return [];
    const warranty = { user_id: person.id, kind: 'warranty', subject_id: id, date: ends_on, stage };
    return [{ ...warranty, channels, type: 'warranty_expiring' as const }];
  });
}

/** How many tasks are overdue or due soon on a day, over all homes of somebody. */
export const countOnBoard = (facts: Facts, user_id: number, today: string): number =>
  membershipsOf(facts, user_id)
    .filter(({ residence_id }) => isLive(facts, residence_id))
    .flatMap(({ residence_id }) => facts.tasks.filter((task) => task.residence_id === residence_id))
    .filter((task) => ['overdue_tasks', 'due_soon_tasks'].includes(kanbanColumn(task, today))).length;

/** One on a local day: that of its hour, or the next if its hour falls into quiet hours that last over midnight. */
export function dueDigest(facts: Facts, person: PersonFact, now: string): Due[] {
  const [date, today] = [lastDate(person, 'daily_digest', now), remembered(civilDate)(now, zoneOf(person))];
  const hour = `${String(hourOf(person, 'daily_digest')).padStart(2, '0')}:00`;
  const { quiet_start = null, quiet_end = null } = person.choice ?? {};
  const channels = channelsFor(person, 'daily_digest');
  const isOvernight = quiet_start !== null && quiet_end !== null && quiet_start > quiet_end && hour >= quiet_start;
  if (channels.length === 0 || (date !== today && !isOvernight)) return [];
  const digest = { user_id: person.id, kind: 'digest', subject_id: 0, date: today, stage: 0 };
  if (countOnBoard(facts, person.id, today) === 0) return [{ ...digest, channels: ['in_app'], type: null }];
  return [{ ...digest, channels, type: 'daily_digest' }];
}

const DAY_MS = 86_400_000;
const wasDaysAgo = (at: string, days: number, now: string) => {
  const age_ms = Date.parse(now) - Date.parse(at);
  return age_ms >= days * DAY_MS && age_ms <= (days + 7) * DAY_MS;
};

const livingHomesOf = (facts: Facts, user_id: number) =>
  membershipsOf(facts, user_id).filter(({ residence_id }) => homeOf(facts, residence_id)?.is_deleted === false);
export const hasNoHome = (facts: Facts, user_id: number) => membershipsOf(facts, user_id).length === 0;
export const hasNoTasks = (facts: Facts, user_id: number) => {
  const homes = livingHomesOf(facts, user_id);
  const isSettled = homes.some(({ role }) => role !== 'viewer');
  return isSettled && !facts.tasks.some((task) => homes.some((home) => home.residence_id === task.residence_id));
};

/** Two days after the welcome without a home, five after the first home without a task; a week later it is no help. */
export function dueOnboarding(facts: Facts, person: PersonFact, welcomed_at: string | null, now: string): Due[] {
  if (!person.is_verified) return [];
  const once = { user_id: person.id, subject_id: 0, date: ONCE, stage: 0, channels: ['email' as const], type: null };
  const [since] = livingHomesOf(facts, person.id)
    .filter(({ role }) => role !== 'viewer')
    .map(({ created_at }) => created_at)
    .sort();
  return [
    ...(welcomed_at && wasDaysAgo(welcomed_at, 2, now) && hasNoHome(facts, person.id)
      ? [{ ...once, kind: 'no_residence' }]
      : []),
    ...(since && wasDaysAgo(since, 5, now) && hasNoTasks(facts, person.id) ? [{ ...once, kind: 'no_tasks' }] : []),
  ];
}

type Sent = Claim & { claimed_at: string; device_id: number | null };

/** Why a claim is not to be sent any more, or null: it is. Being late is one reason, quiet hours are none: they end. */
export function whyNotSend(facts: Facts, claim: Sent, now: string): string | null {
  const person = facts.people.find(({ id }) => id === claim.user_id);
  if (!person || person.is_deleted) return 'the account is gone';
  if (claim.channel === 'email' && !person.is_verified) return 'the address is not proven';
  if (claim.device_id !== null && !person.devices.some(({ id }) => id === claim.device_id)) return 'the phone is gone';
  if (claim.kind === 'task') return whyNoTask(facts, person, claim, now);
  if (claim.kind === 'warranty') {
    const warranty = warrantiesOf(facts, person.id).find(({ id }) => id === claim.subject_id);
    if (!warranty) return 'not in use, not theirs, or paused';
    if (warranty.ends_on !== claim.date) return 'moved';
    if (!channelsFor(person, 'warranty_expiring').includes(claim.channel)) return 'muted';
    return isLate(person, claim, now) ? 'too late' : null;
  }
  if (claim.kind === 'digest') {
    const day = remembered(civilDate)(claim.claimed_at, zoneOf(person));
    if (!channelsFor(person, 'daily_digest').includes(claim.channel)) return 'muted';
    if (countOnBoard(facts, person.id, day) === 0) return 'nothing to tell';
    return day === remembered(civilDate)(now, zoneOf(person)) ? null : 'of another day';
  }
  if (claim.kind === 'no_residence') return hasNoHome(facts, person.id) ? null : 'has a home';
  if (claim.kind === 'no_tasks') return hasNoTasks(facts, person.id) ? null : 'has a task';
  return null;
}

function whyNoTask(facts: Facts, person: PersonFact, claim: Sent, now: string): string | null {
  const { subject_id, date, stage, channel } = claim;
  const task = openTasksOf(facts, person.id).find(({ id }) => id === subject_id);
  if (!task) return 'not open, not theirs, or paused';
  if (dateOf(task) !== date) return 'moved';
  if (!channelsFor(person, typeOf(stage)).includes(channel)) return 'muted';
  return isLate(person, claim, now) ? 'too late' : null;
}

/** More than three days after a stage's day, unless it was claimed on this one. */
function isLate(person: PersonFact, { date, stage, claimed_at }: Sent, now: string): boolean {
  const [today, claimed_on] = [now, claimed_at].map((moment) => remembered(civilDate)(moment, zoneOf(person)));
  return today !== claimed_on && Date.parse(`${today}`) > Date.parse(date) + (CATCH_UP_DAYS - stage) * DAY_MS;
}
