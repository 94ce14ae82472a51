import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { csv2json } from 'csv42';
import { unzipSync } from 'fflate';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect } from 'vitest';
import { reportOf } from '../../domain/report.ts';
import { print } from '../../origin/papers/print.ts';
import { type Person, testTogether as test, type World } from '../home.ts';
import { photoOf, storageOf } from '../uploads/storage.ts';
import { fetched, makeAll } from './origin.ts';

/** What somebody is given in the end. */
async function made(world: World, by: Person, path: string): Promise<Uint8Array> {
  const { status, body } = await world.send('POST', path, by, undefined, {
    headers: { 'x-timezone': 'America/Chicago' },
  });
  expect(status).toBe(202);
  await makeAll(world);
  const { headers } = await world.send('GET', `/api/jobs/${body.id}/file/`, by);
  return await fetched(headers.get('location') ?? '');
}

async function textOf(pdf: Uint8Array): Promise<{ pages: number; text: string }> {
  const { totalPages, text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return { pages: totalPages, text: text.replaceAll('\u200b', '').normalize('NFKC') };
}

test('a report tells what a board tells on the requester’s day, in every script', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  await world.rows(`update auth_user set first_name = 'دانا', last_name = 'כהן' where id = $1`, [owner.user_id]);
  await world.rows(
    `update residence_residence set name = 'Maple 🏡 日本の家', city = 'Austin', year_built = 1987, has_pool = true where id = $1`,
    [residence_id],
  );
  await world.task(owner, residence_id, { title: '更换空调滤网', due_date: '2026-03-06', category_id: 1 });
  await world.task(owner, residence_id, { title: 'エアコンを掃除する', due_date: '2026-03-20' });
  const { id: task_id } = await world.task(owner, residence_id, { title: '#let x = *bold*', category_id: 2 });
  const done = {
    task_id,
    completed_at: '2026-03-01T02:00:00Z',
    actual_cost: '41.50',
    rating: 4,
    notes: 'took\nan hour',
  };
  await world.send('POST', '/api/task-completions/', owner, done);
  await world.send('POST', '/api/contractors/', owner, { name: 'Ada & Sons', residence_id, phone: '+1 512' });
  await world.send('POST', '/api/documents/', owner, {
    residence_id,
    title: 'Dishwasher',
    document_type: 'warranty',
    ends_on: '2027-01-31',
  });
  const { pages, text } = await textOf(
    await made(world, viewer, `/api/residences/${residence_id}/report/?download=true`),
  );
  expect(pages).toBeGreaterThan(0);
  for (const words of [
    'Maple',
    '日本の家',
    'Austin',
    '1987',
    'pool',
    'As of 2026-03-07 (America/Chicago)',
    'Overdue (1)',
    '更换空调滤网',
    'Due Soon (1)',
    'エアコンを掃除する',
    'Completed (1)',
    '#let x = *bold*',
    '2026-02-28',
    '41.50 in all',
    '4 of 5',
    'Ada & Sons',
    'Dishwasher',
    '2027-01-31',
    `Page 1 of ${pages}`,
  ]) {
    expect(text, words).toContain(words);
  }
});

test('an empty home and one of 2,000 tasks both make a report', async () => {
  const nothing = Object.fromEntries(['address', 'city'].map((name) => [name, null]));
  const facts = { completions: [], is_cut: false, contractors: [], warranties: [], today: '2026-03-07', zone: 'UTC' };
  const home = { ...nothing, name: 'Empty' } as Parameters<typeof reportOf>[0]['home'];
  const task = {
    title: '',
    frequency_id: null,
    custom_interval: null,
    custom_unit: null,
    schedule: 'fixed',
    in_progress: false,
    due_date: null,
    next_due_date: null,
    anchor_date: null,
    is_cancelled: false,
    is_archived: false,
    completion_count: 0,
    last_completed_at: null,
    estimated_cost: null,
    category: null,
    priority: null,
    level: null,
    frequency: null,
    contractor: null,
    assigned_to: null,
  } as const;
  const tasks = Array.from({ length: 2000 }, (_, id) => ({
    ...task,
    id,
    title: `Task ${id} ${'long'.repeat(id % 50)}`,
  }));
  const printed = async (some: typeof tasks) => {
    const bytes = await print(reportOf({ ...facts, home, tasks: some }));
    const pdf = await getDocumentProxy(new Uint8Array(bytes));
    const { items } = await (await pdf.getPage(pdf.numPages)).getTextContent();
    return { pages: pdf.numPages, last: items.map((item) => ('str' in item ? item.str : '')).join(' ') };
  };
  expect(await printed([])).toEqual({ pages: 1, last: expect.stringContaining('There are no tasks yet.') });
  const { pages, last } = await printed(tasks);
  expect(pages).toBeGreaterThan(40);
  expect(last).toContain('Task 1999 ');
}, 60_000);

test('completions as CSV: what a spreadsheet would run is text', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { title: '=HYPERLINK("x")' });
  for (const [n, notes] of ['+1', '-1', '@x', 'a,"b"\r\nc'].entries()) {
    await world.send('POST', '/api/task-completions/', owner, {
      task_id,
      completed_at: `2026-02-0${n + 1}T02:00:00Z`,
      notes,
      actual_cost: '1.00',
    });
    await world.rows('update task_task set next_due_date = $2, completion_count = 0 where id = $1', [
      task_id,
      '2026-03-07',
    ]);
  }
  const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    await made(world, owner, `/api/residences/${residence_id}/report/?kind=completions`),
  );
  expect(csv.startsWith('\ufeffdate,time,task,')).toBe(true);
  const rows = csv2json<Record<string, unknown>>(csv.slice(1), { parseValue: String });
  expect(rows.map(({ date, notes }) => [date, notes])).toEqual([
    ['2026-02-03', 'a,"b"\r\nc'],
    ['2026-02-02', "'@x"],
    ['2026-02-01', "'-1"],
    ['2026-01-31', "'+1"],
  ]);
  expect(rows[0]).toMatchObject({
    time: '20:00',
    task: `'=HYPERLINK("x")`,
    cost: '1.00',
    completed_by: owner.username,
  });
});

test('an export holds all that is somebody’s, what they may see of others, and no secret', async ({ world }) => {
  const { owner, member, residence_id, stranger, elsewhere } = await world.home();
  const local = await storageOf(world);
  const { id: task_id } = await world.task(owner, residence_id, { title: 'Change the filter', frequency_id: 5 });
  const mine = await photoOf(world, owner, task_id);
  const theirs = await photoOf(world, member, task_id);
  const lost = await photoOf(world, owner, task_id);
  const [{ object_key }] = await world.rows('select object_key from task_taskcompletionimage where id = $1', [
    lost.image_id,
  ]);
  await world.ports.files.delete(object_key);
  await world.task(stranger, elsewhere, { title: 'Somebody else’s' });
  await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner, {});
  await world.send('POST', '/api/calendar/feeds/', owner, {});
  await world.send('POST', '/api/notifications/devices/', owner, {
    platform: 'android',
    token: 'device-token-of-mine',
    environment: 'production',
  });
  const secrets = await world.rows(
    `select digest as secret from user_authtoken union select encode(hash_key, 'hex') from auth_user union select encode(hash_key, 'hex') from residence_residence
     union select code from residence_residencesharecode union select nonce from calendar_feed union select token from notifications_device
     union select username from auth_user where id = $1`,
    [stranger.user_id],
  );
  expect(secrets.length).toBeGreaterThan(8);
  expect(local.url).toContain('http');

  const zip = unzipSync(await made(world, owner, '/api/auth/export/'));
  const textAt = (path: string) => new TextDecoder().decode(zip[path]);
  const manifest = JSON.parse(textAt('manifest.json'));
  for (const { path, size, sha256 } of manifest.entries) {
    const bytes = zip[path] ?? new Uint8Array();
    expect([path, bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([path, size, sha256]);
  }
  expect(manifest.counts).toMatchObject({
    account: 1,
    residences: 1,
    members: 3,
    tasks: 1,
    completions: 3,
    sessions: 1,
    devices: 1,
    share_codes: 1,
    files: 1,
  });
  expect(Object.keys(zip).sort()).toEqual(
    [...manifest.entries.map(({ path }: { path: string }) => path), 'manifest.json'].sort(),
  );
  const [photo] = Object.keys(zip).filter((path) => path.startsWith('files/'));
  expect(zip[photo ?? '']).toEqual(new Uint8Array(mine.bytes));
  expect(photo).toContain(`files/residence-${residence_id}/completion-${mine.image_id}-`);
  expect(manifest.missing).toEqual([expect.stringContaining(`completion-${lost.image_id}-`)]);
  // Not prepared yet, so that it may tell where it was taken: to whoever uploaded it alone.
  expect(Object.keys(zip).join()).not.toContain(`completion-${theirs.image_id}-`);
  expect(JSON.parse(textAt('account.json'))).toEqual([
    expect.objectContaining({ username: owner.username, email: `${owner.username}@example.com` }),
  ]);
  expect(JSON.parse(textAt('tasks.json'))).toEqual([expect.objectContaining({ title: 'Change the filter' })]);
  const all = Object.values(zip)
    .map((bytes) => Buffer.from(bytes).toString())
    .join('\n');
  for (const { secret } of secrets) expect(all).not.toContain(secret);
  expect(all).not.toContain('Somebody else’s');
  expect(all).not.toContain(`${member.username}@example.com`);
});
