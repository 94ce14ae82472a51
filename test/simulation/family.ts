import { addInterval } from '../../domain/dates.ts';
import { NotificationType } from '../../domain/preferences.ts';
import type { Dice } from './dice.ts';

/** Zones that change their clocks on different days, by an hour or by half of one, at midnight, or never. */
export const ZONES = [
  'America/New_York',
  'America/St_Johns',
  'America/Nuuk',
  'America/Havana',
  'America/Santiago',
  'America/Phoenix',
  'Europe/Berlin',
  'Europe/London',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  '+05:30',
  '-03:30',
  'UTC',
];

const HALF_DAYS = Array.from({ length: 48 }, (_, n) => `${String(n >> 1).padStart(2, '0')}:${n % 2 ? '30' : '00'}`);
/** Of the look-up rows: once, and every interval that has stages of its own. */
const ONCE = 1;
const FREQUENCIES = [ONCE, ONCE, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11];

export const drawZone = (dice: Dice) => dice.pick(ZONES);

/** As PUT takes them; about a third of all people have quiet hours. */
export function drawWishes(dice: Dice) {
  const wish = () => ({ push: dice.chance(0.7), email: dice.chance(0.6), in_app: dice.chance(0.8) });
  const byType = Object.fromEntries(NotificationType.options.map((type) => [type, wish()]));
  const [quiet_start, quiet_end] = dice.chance(0.35)
    ? dice.pick([
        ['22:00', '07:00'],
        ['21:30', '06:30'],
        [dice.pick(HALF_DAYS), dice.pick(HALF_DAYS)],
      ])
    : [null, null];
  const hour = () => (dice.chance(0.4) ? dice.pick([0, 1, 2, 3, 23]) : dice.int(0, 23));
  return {
    ...byType,
    task_due_soon_hour: hour(),
    task_overdue_hour: hour(),
    warranty_expiring_hour: hour(),
    daily_digest_hour: quiet_start === '22:00' && dice.chance(0.5) ? 23 : hour(),
    quiet_start,
    quiet_end,
  };
}

export function drawTask(dice: Dice, today: string) {
  const often = dice.chance(0.3)
    ? { custom_interval: dice.int(1, 40), custom_unit: dice.pick(['day', 'day', 'week', 'month']) }
    : { frequency_id: dice.pick(FREQUENCIES) };
  return {
    title: dice.pick(['Change the filter', 'Clean the gutters', 'Test the alarms', 'Sweep the chimney']),
    due_date: dice.chance(0.08) ? null : addInterval(today, dice.int(-16, 45), 'day'),
    schedule: dice.pick(['from_completion', 'fixed']),
    ...often,
  };
}

export const drawEnd = (dice: Dice, today: string): string | null =>
  dice.chance(0.1) ? null : addInterval(today, dice.int(-5, 90), 'day');

export type Drawn = ReturnType<typeof drawFamily>;

/** A family of three to nine with one or two homes; ids by its number, so that none depends on another family. */
export function drawFamily(dice: Dice, number: number, today: string) {
  const base = number * 1000;
  const people = Array.from({ length: dice.int(3, 9) }, (_, n) => ({
    id: base + n,
    timezone: dice.chance(0.05) ? null : drawZone(dice),
    is_verified: dice.chance(0.85),
    wishes: dice.chance(0.85) ? drawWishes(dice) : null,
    has_phone: dice.chance(0.5),
  }));
  const homes = Array.from({ length: dice.int(1, 2) }, (_, n) => ({ id: base + n, is_paused: dice.chance(0.05) }));
  const members = homes.flatMap(({ id: residence_id }, home) =>
    people
      .filter((_, n) => n === home || dice.chance(0.6))
      .map(({ id: user_id }) => {
        const role = user_id === base + home ? 'owner' : dice.pick(['member', 'member', 'viewer']);
        return { residence_id, user_id, role };
      }),
  );
  const tasks = homes
    .flatMap(({ id: residence_id }) =>
      Array.from({ length: dice.chance(0.15) ? 0 : dice.int(3, 9) }, () => {
        const here = members.filter((member) => member.residence_id === residence_id);
        const assigned_to_id = dice.chance(0.25) ? dice.pick(here).user_id : null;
        const task = drawTask(dice, today);
        const state = {
          is_cancelled: dice.chance(0.08),
          is_archived: dice.chance(0.08),
          is_done: 'frequency_id' in task && task.frequency_id === ONCE && dice.chance(0.5),
        };
        return { residence_id, assigned_to_id, ...task, ...state };
      }),
    )
    .map((task, n) => ({ id: base + n, ...task }));
  const warranties = homes
    .flatMap(({ id: residence_id }) =>
      Array.from({ length: dice.int(0, 3) }, () => ({
        residence_id,
        ends_on: drawEnd(dice, today),
        is_active: dice.chance(0.9),
      })),
    )
    .map((warranty, n) => ({ id: base + n, ...warranty }));
  return { number, base, people, homes, members, tasks, warranties };
}
