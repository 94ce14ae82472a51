import type { Client } from 'pg';
import { scryptPasswords } from '../adapters/passwords.ts';
import { climateRegion } from '../domain/climate.ts';
import { addInterval, civilDate } from '../domain/dates.ts';
import { newToken, sha256 } from '../domain/session.ts';
import { STATIC_DATA } from '../domain/static-data.ts';
import { firstDates } from '../domain/task.ts';
import { addContractors } from './demo-contractors.ts';
import { idOf, insert } from './demo-row.ts';
import { DEMO_TASKS } from './demo-tasks.ts';

export const DEMO_LOGIN = { username: 'demo', password: 'honeydue-demo' } as const;
const DEVICE = 'npm start';
const DAY_MS = 86_400_000;

type Homes = { house: number; cabin: number };

/** Gives an empty database a family of three with two homes; answers whether it was empty. */
export async function addDemoData(client: Client): Promise<boolean> {
  const { rows } = await client.query('select exists (select from auth_user) as has_users');
  if (rows[0].has_users) return false;
  const password_hash = await scryptPasswords().hash(DEMO_LOGIN.password);
  await client.query('begin');
  try {
    const family = await addFamily(client, password_hash);
    await client.query('select hd_act_as($1)', [family.demo]);
    const homes = await addHomes(client, family);
    await addTasks(client, homes, family);
    await addContractors(client, homes, family.demo);
    await addPhones(client, family.demo);
    await client.query('commit');
    return true;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

type Family = Awaited<ReturnType<typeof addFamily>>;

async function addFamily(client: Client, password_hash: string) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const add = (username: string, first_name: string) =>
    insert(client, 'auth_user', {
      username,
      first_name,
      last_name: 'Miller',
      email: `${username}@honeydue.example`,
      password_hash,
      is_verified: true,
      timezone: timeZone,
    });
  return { demo: await add('demo', 'Dana'), sam: await add('sam', 'Sam'), robin: await add('robin', 'Robin') };
}

async function addHomes(client: Client, { demo, sam, robin }: Family): Promise<Homes> {
  const typeId = (name: string) => idOf(STATIC_DATA.residence_types, name);
  const house = await insert(client, 'residence_residence', {
    name: 'Maple Street',
    property_type_id: typeId('House'),
    street_address: '12 Maple Street',
    city: 'Madison',
    state_province: 'WI',
    postal_code: '53703',
    country: 'US',
    climate_region: climateRegion('53703', 'US'),
    year_built: 1987,
    is_primary: true,
    heating_type: 'gas_furnace',
    cooling_type: 'central_air',
    has_garage: true,
    has_basement: true,
  });
  const cabin = await insert(client, 'residence_residence', {
    name: 'Lake cabin',
    property_type_id: typeId('Cabin'),
    city: 'Minocqua',
    state_province: 'WI',
    country: 'US',
    heating_type: 'wood',
    has_fireplace: true,
    has_septic: true,
  });
  const members: [home: number, user: number, role: string][] = [
    [house, demo, 'owner'],
    [house, sam, 'member'],
    [house, robin, 'viewer'],
    [cabin, sam, 'owner'],
    [cabin, demo, 'member'],
  ];
  for (const member of members) {
    await client.query(
      'insert into residence_residence_users (residence_id, user_id, role) values ($1, $2, $3)',
      member,
    );
  }
  return { house, cabin };
}

async function addTasks(client: Client, homes: Homes, { demo, sam }: Family): Promise<void> {
  const now = Date.now();
  const today = civilDate(new Date(now).toISOString(), new Intl.DateTimeFormat().resolvedOptions().timeZone);
  for (const [index, { title, category, frequency, priority, due, done = [], state, home }] of DEMO_TASKS.entries()) {
    const residence_id = homes[home ?? 'house'];
    const often =
      typeof frequency === 'number'
        ? { frequency_id: null, custom_interval: frequency, custom_unit: 'day' as const }
        : { frequency_id: idOf(STATIC_DATA.task_frequencies, frequency), custom_interval: null, custom_unit: null };
    const due_date = due === null ? null : addInterval(today, due, 'day');
    const { next_due_date, anchor_date } = firstDates({ ...often, due_date }, today);
    const task_id = await insert(client, 'task_task', {
      residence_id,
      title,
      ...often,
      category_id: idOf(STATIC_DATA.task_categories, category),
      priority_id: idOf(STATIC_DATA.task_priorities, priority),
      due_date,
      next_due_date,
      anchor_date,
      in_progress: state === 'in_progress',
      is_cancelled: state === 'cancelled',
      is_archived: state === 'archived',
      created_by_id: index % 3 === 0 ? sam : demo,
      created_at: new Date(now - (Math.max(0, ...done) + 30) * DAY_MS).toISOString(),
    });
    for (const days of done.toSorted((a, b) => b - a)) {
      await insert(client, 'task_taskcompletion', {
        task_id,
        residence_id,
        completed_by_id: (index + days) % 2 === 0 ? demo : sam,
        completed_at: new Date(now - days * DAY_MS).toISOString(),
        rating: 3 + (days % 3),
      });
    }
  }
}

/** One of each kind, so that what is pushed shows at the stand-ins of both services. */
async function addPhones(client: Client, user_id: number): Promise<void> {
  const phone = (platform: string, token: string, name: string) =>
    insert(client, 'notifications_device', { user_id, platform, token, name, environment: 'sandbox' });
  await phone('android', 'demo-android', 'Dana’s Pixel');
  await phone('ios', 'd0'.repeat(32), 'Dana’s iPhone');
}

/** A token that works until the next start; null if the demo's account was deleted. */
export async function demoToken(client: Client): Promise<{ token: string; residence_id: number } | null> {
  const { rows } = await client.query(
    `select u.id, m.residence_id::int from auth_user u join hd_membership m on m.user_id = u.id
     where u.username = $1 and u.deleted_at is null and m.role <> 'viewer' order by m.residence_id limit 1`,
    [DEMO_LOGIN.username],
  );
  if (rows.length === 0) return null;
  const [{ id, residence_id }] = rows;
  const token = newToken();
  await client.query('delete from user_authtoken where user_id = $1 and device_name = $2', [id, DEVICE]);
  await client.query('insert into user_authtoken (user_id, digest, device_name) values ($1, $2, $3)', [
    id,
    sha256(token),
    DEVICE,
  ]);
  return { token, residence_id };
}
