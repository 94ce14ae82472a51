import type { Person, World } from './home.ts';

/** What happens every quarter of an hour, at a moment; that moment stays the present. */
export async function quarterAt(world: World, moment: string): Promise<void> {
  world.ports.now = () => moment;
  await world.tick('*/15 * * * *');
}

/** The same, every so often from one moment up to another. */
export async function quarters(world: World, from: string, to: string, every_min = 15): Promise<void> {
  for (let at = Date.parse(from); at <= Date.parse(to); at += every_min * 60_000) {
    await quarterAt(world, new Date(at).toISOString());
  }
}

export type Told = { user_id: number; subject_id: number; date: string; stage: number; channel: string; at: string };

/** Everything that was claimed, in that order. */
export const told = async (world: World, kind = 'task'): Promise<Told[]> =>
  await world.rows(
    `select user_id::int, subject_id::int, subject_date::text as date, stage, channel, hd_moment(claimed_at) as at
     from notifications_reminder where kind = $1 order by claimed_at, user_id, subject_id, channel`,
    [kind],
  );

export const prefer = (world: World, by: Person, preferences: object) =>
  world.send('PUT', '/api/notifications/preferences/', by, preferences);

/** Told of nothing at all, but for what is said. */
export const SILENT = Object.fromEntries(
  [
    'task_due_soon',
    'task_overdue',
    'task_completed',
    'task_assigned',
    'residence_shared',
    'warranty_expiring',
    'daily_digest',
  ].map((type) => [type, { push: false, email: false, in_app: false }]),
);

export const addPhone = (world: World, by: Person, token: string) =>
  world.send('POST', '/api/notifications/devices/', by, { platform: 'ios', token });
