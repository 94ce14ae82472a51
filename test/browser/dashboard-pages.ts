import * as z from 'zod';
import { samplePhoto } from '../../dev/sample-files.ts';
import type { Dashboard } from './dashboard.ts';

export const PLANTED = '<img src=x onerror=window.planted=1>';

/** Every page, and something of its data: what was planted, where people have typed any of it. */
export const PAGES: readonly (readonly [path: string, text: string | RegExp])[] = [
  ['/', 'Tasks done a day'],
  ['/status', 'Database version'],
  ['/trace?id=phone-7f3a', PLANTED],
  ['/users', PLANTED],
  ['/users/1', PLANTED],
  ['/subscriptions', PLANTED],
  ['/contact-messages', PLANTED],
  ['/contact-messages/1', PLANTED],
  ['/contact-keys', PLANTED],
  ['/residences', PLANTED],
  ['/residences/1', PLANTED],
  ['/tasks', PLANTED],
  ['/tasks/1', PLANTED],
  ['/completions', PLANTED],
  ['/completions/1', PLANTED],
  ['/contractors', PLANTED],
  ['/contractors/1', PLANTED],
  ['/documents', PLANTED],
  ['/documents/1', PLANTED],
  ['/templates', PLANTED],
  ['/templates/1', PLANTED],
  ['/look-ups/task-frequencies', PLANTED],
  ['/jobs', PLANTED],
  ['/jobs/1', PLANTED],
  ['/dead-letters', PLANTED],
  ['/dead-letters/1000004', PLANTED],
  ['/deliveries', PLANTED],
  ['/webhooks', PLANTED],
  ['/webhooks/1', PLANTED],
  ['/audit-log?target_type=admin_session', 'admin@honeydue.example'],
  ['/search?q=onerror', PLANTED],
  ['/settings', 'Read-only switch'],
  ['/account', 'Where you are signed in'],
];

/** Between them they have every part that has a colour: charts, tables, forms, badges, alerts. */
export const OF_EACH_KIND = [
  ...['/', '/status', '/trace?id=phone-7f3a', '/users', '/users/1', '/contact-messages/1', '/documents/1', '/jobs/1'],
  ...['/dead-letters', '/search?q=onerror', '/settings', '/account'],
];

/** What the demo data lack. The dead letters are of events that do nothing. */
export async function addRest({ rows, parts }: Dashboard): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const asWebsite = { ...json, 'x-api-key': parts.contact_api_key ?? '', 'x-request-id': 'phone-7f3a' };
  const message = JSON.stringify({ name: 'Ida', email: 'ida@example.com', message: 'Where is my board?' });
  await fetch(`${parts.api}/api/contact/`, { method: 'POST', headers: asWebsite, body: message });
  await rows(
    `insert into webhook_event_log (provider, event_id, type, payload) values ('stripe', 'evt_1', 'charge.failed', jsonb_build_object('amount', '${PLANTED}'))`,
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
