import * as z from 'zod';
import { samplePhoto } from '../../dev/sample-files.ts';
import type { Dashboard } from './dashboard.ts';

/** Every page, and something of its data. */
export const PAGES: readonly (readonly [path: string, text: string | RegExp])[] = [
  ['/', 'Tasks done a day'],
  ['/health', 'Database version'],
  ['/users', 'sam@honeydue.example'],
  ['/users/1', 'Unread count'],
  ['/subscriptions', 'demo@honeydue.example'],
  ['/contact-messages', 'Where is my board?'],
  ['/contact-messages/1', 'Where is my board?'],
  ['/contact-keys', /^Per hour$/],
  ['/residences', 'Maple Street'],
  ['/residences/1', 'Clean the gutters'],
  ['/tasks', 'Clean the gutters'],
  ['/tasks/1', 'Schedule'],
  ['/completions', 'Image count'],
  ['/completions/1', 'Photos'],
  ['/contractors', 'Company'],
  ['/contractors/1', 'Specialties'],
  ['/documents', 'Furnace warranty'],
  ['/documents/1', 'Files'],
  ['/templates', 'every home'],
  ['/templates/1', /It would (not )?/],
  ['/look-ups/task-frequencies', 'Weekly'],
  ['/jobs', 'document.created'],
  ['/jobs/1', 'Run at'],
  ['/dead-letters', 'Boom: no such thing'],
  ['/dead-letters/1000004', 'Boom: no such thing'],
  ['/deliveries', 'bounced'],
  ['/webhooks', 'charge.failed'],
  ['/webhooks/1', '"amount": 12'],
  ['/audit-log', 'admin_session'],
  ['/search?q=maple', 'Maple Street'],
  ['/settings', 'Read-only switch'],
  ['/account', 'Where you are signed in'],
];

/** What the demo data lack. The dead letters are of events that do nothing. */
export async function addRest({ rows, parts }: Dashboard): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const asWebsite = { ...json, 'x-api-key': parts.contact_api_key ?? '' };
  const message = JSON.stringify({ name: 'Ida', email: 'ida@example.com', message: 'Where is my board?' });
  await fetch(`${parts.api}/api/contact/`, { method: 'POST', headers: asWebsite, body: message });
  await rows(
    `insert into webhook_event_log (provider, event_id, type, payload) values ('stripe', 'evt_1', 'charge.failed', '{"amount": 12}')`,
  );
  await rows(`insert into subscription_usersubscription (user_id, tier) values (1, 'free')`);
  for (const [n, type] of ['resumed', 'resumed', 'resumed', 'paused'].entries()) {
    await rows(
      `insert into outbox (id, event, queue, attempts, dead_at, last_error)
       overriding system value values ($1, $2, 'jobs', 8, now(), 'Boom: no such thing')`,
      [1_000_001 + n, JSON.stringify({ type: `residence.${type}`, residence_id: 1 })],
    );
  }
  await rows(
    `insert into notifications_delivery (event_id, channel, user_id, result, error, at)
     select n, 'email', 1, case when n % 3 = 0 then 'refused' else 'sent' end, 'bounced', now() - make_interval(days => n % 9)
     from generate_series(1, 20) n`,
  );
}

const Presigned = z.object({ upload_id: z.int(), url: z.string(), headers: z.record(z.string(), z.string()) });
const Completed = z.object({ data: z.object({ id: z.int() }) });

/** A photo on the first completion, as a phone takes and sends it. */
export async function addPhoto({ parts }: Dashboard): Promise<number> {
  const api = async <S extends z.ZodType>(
    answer: S,
    path: string,
    body: object,
    token?: string,
  ): Promise<z.infer<S>> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Token ${token}` }) };
    const response = await fetch(`${parts.api}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return answer.parse(await response.json());
  };
  const { token } = await api(z.object({ token: z.string() }), 'auth/login/', {
    username: 'demo',
    password: 'honeydue-demo',
  });
  const photo = await samplePhoto({ width: 400, height: 300 });
  const file = { content_length: photo.byteLength, content_type: 'image/jpeg', category: 'completion' };
  const { upload_id, url, headers } = await api(Presigned, 'uploads/presign/', file, token);
  const stored = await fetch(url, { method: 'PUT', headers, body: photo });
  if (!stored.ok) throw new Error(`Storage: ${stored.status} ${await stored.text()}`);
  const done = { task_id: 1, completed_at: new Date().toISOString(), upload_ids: [upload_id] };
  return (await api(Completed, 'task-completions/', done, token)).data.id;
}

export const PLANTED = '<img src=x onerror=window.planted=1>';

/** The fields that people fill in, by table. */
const FREE: Record<string, string[]> = {
  auth_user: ['first_name', 'last_name', 'username', 'email'],
  residence_residence: [
    'name',
    'description',
    'street_address',
    'apartment_unit',
    'city',
    'state_province',
    'postal_code',
    'country',
  ],
  task_task: ['title', 'description'],
  task_taskcompletion: ['notes'],
  task_taskcompletionimage: ['caption', 'filename'],
  task_contractor: ['name', 'company', 'phone', 'email', 'website', 'notes', 'city', 'street_address'],
  task_document: [
    'title',
    'description',
    'category',
    'notes',
    'item_name',
    'model_number',
    'serial_number',
    'provider',
    'provider_contact',
  ],
  task_documentimage: ['filename', 'text', 'text_error'],
  task_tasktemplate: ['title', 'description'],
  task_taskcategory: ['name', 'icon'],
  task_taskfrequency: ['name'],
  contact_message: ['name', 'email', 'message'],
  contact_apikey: ['name'],
  user_authtoken: ['device_name', 'user_agent'],
  notifications_device: ['name', 'app_version', 'locale'],
  notifications_delivery: ['error', 'message_id'],
  outbox: ['last_error', 'request_id'],
  webhook_event_log: ['type', 'event_id'],
};

/** Fills every such field with something that would be an image if it were not text. */
export async function plant({ rows }: Dashboard): Promise<void> {
  for (const [table, columns] of Object.entries(FREE)) {
    const [{ has_id }] = await rows(
      `select count(*) > 0 as has_id from information_schema.columns where table_name = $1 and column_name = 'id'`,
      [table],
    );
    const sets = columns.map((column) => `${column} = $1 || ${has_id ? 'id' : `''`}`);
    await rows(`update ${table} set ${sets.join(', ')}`, [PLANTED]);
  }
}
