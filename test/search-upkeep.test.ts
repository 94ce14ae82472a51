import { expect } from 'vitest';
import { type Person, test, type World } from './home.ts';
import { addDocument } from './search-home.ts';

const finding = (world: World) => async (by: Person, q: string) => {
  const { body } = await world.send('GET', `/api/search/?${new URLSearchParams({ q })}`, by);
  return body.results.map(({ title }: { title: string }) => title);
};

test('whatever changes a row, and whoever does, search knows', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const find = finding(world);
  const [id] = await addDocument(world, residence_id, [{ title: 'Freezer', file: { filename: 'a.pdf' } }]);
  expect(await find(owner, 'icicle')).toEqual([]);
  // A job reads the file; nobody edits the document.
  await world.rows(`update task_documentimage set text = 'Beware of the icicle', text_status = 'done'`);
  expect(await find(owner, 'icicle')).toEqual(['Freezer']);
  await world.rows(`update task_document set title = 'Icebox' where id = $1`, [id]);
  expect([await find(owner, 'freezer'), await find(owner, 'icebox icicle')]).toEqual([[], ['Icebox']]);
  await world.rows('delete from task_documentimage');
  expect([await find(owner, 'icicle'), await find(owner, 'icebox')]).toEqual([[], ['Icebox']]);

  const task = await world.task(owner, residence_id, { title: 'Defrost' });
  await world.send('PATCH', `/api/tasks/${task.id}/`, owner, { description: 'Every January' });
  expect(await find(owner, 'january')).toEqual(['Defrost']);
  await world.send('DELETE', `/api/tasks/${task.id}/`, owner);
  expect(await find(owner, 'january')).toEqual([]);

  const { body: ada } = await world.send('POST', '/api/contractors/', owner, { name: 'Ada', specialty_ids: [1] });
  const [{ name }] = await world.rows('select name from task_contractorspecialty where id = 1');
  expect([await find(owner, name), await find(member, name)]).toEqual([['Ada'], []]);
  await world.rows(`update task_contractorspecialty set name = 'Chandelier' where id = 1`);
  expect(await find(owner, 'chandelier')).toEqual(['Ada']);
  await world.send('PATCH', `/api/contractors/${ada.id}/`, owner, { residence_id });
  expect(await find(member, 'chandelier')).toEqual(['Ada']);
  await world.send('PATCH', `/api/contractors/${ada.id}/`, owner, { specialty_ids: [] });
  expect(await find(member, 'chandelier')).toEqual([]);
  await world.rows('update search_vocabulary set words = $1 where scope < 0', ['']);

  // A home that is deleted hides what is in it, and brings it back; one that is erased takes it along.
  const entries = async () =>
    (await world.rows('select count(*)::int as n from search_entry where scope = $1', [residence_id]))[0].n;
  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  expect(await find(owner, 'icebox')).toEqual([]);
  await world.send('POST', `/api/residences/${residence_id}/restore/`, owner);
  expect(await find(owner, 'icebox')).toEqual(['Icebox']);
  await world.send('DELETE', `/api/residences/${residence_id}/users/${member.user_id}/`, owner);
  expect(await find(member, 'icebox')).toEqual([]);
  expect(await entries()).toBe(2);
  await world.rows('delete from residence_residence where id = $1', [residence_id]);
  expect(await entries()).toBe(0);

  // Words that have gone are forgotten within the hour.
  const words = () => world.rows('select words::text from search_vocabulary where scope = $1', [residence_id]);
  expect((await words())[0].words).toContain('icebox');
  await world.tick('40 * * * *');
  expect(await words()).toEqual([]);
});

test('words that remain are kept when others are forgotten', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await addDocument(world, residence_id, [{ title: 'Chimney sweep', file: { text: 'soot' } }, { title: 'Drainpipe' }]);
  await world.rows(`delete from task_document where title = 'Drainpipe'`);
  await world.tick('40 * * * *');
  const [{ words, is_stale }] = await world.rows(
    'select words::text, is_stale from search_vocabulary where scope = $1',
    [residence_id],
  );
  expect([words, is_stale]).toEqual([`'chimney' 'soot' 'sweep'`, false]);
  expect(await finding(world)(owner, 'chimmeny')).toEqual(['Chimney sweep']);
});

test('no text is too long or too strange to be kept', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const strange = [
    'a'.repeat(300_000),
    Array.from({ length: 90_000 }, (_, n) => n.toString(36)).join(' '),
    Array.from({ length: 20_000 }, (_, n) => `${'q'.repeat(40)}${n}`).join(' '),
    Array.from({ length: 100_000 }, (_, n) => String.fromCodePoint(0x4e00 + (n % 20_000))).join(''),
    'http://a/b?c=d&e=f '.repeat(15_000),
    '<a href="x">'.repeat(20_000),
    '\u{1f525}\u0301\u200d'.repeat(50_000),
  ];
  for (const [n, text] of strange.entries()) {
    await addDocument(world, residence_id, [
      { title: `Strange ${n}`, notes: text.slice(0, 50_000), file: { text: `needle ${text}` } },
    ]);
  }
  const { body } = await world.send('GET', '/api/search/?q=needle', owner);
  expect([body.total, body.results.every(({ found_in }: { found_in: string }) => found_in === 'text')]).toEqual([
    strange.length,
    true,
  ]);
  expect((await finding(world)(owner, 'strangee 3'))[0]).toBe('Strange 3');
});

test('the app reads the index and never writes it', async ({ world }) => {
  for (const table of ['search_entry', 'search_vocabulary']) {
    await expect(world.ports.db.execute(`delete from ${table}`)).rejects.toThrow();
    expect((await world.ports.db.execute(`select * from ${table}`)).rows).toEqual([]);
  }
  await expect(world.ports.db.execute(`select hd_index('task', '{1}', true)`)).rejects.toThrow();
});
