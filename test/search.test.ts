import { expect } from 'vitest';
import { DocumentSearchResults, SearchResults } from '../domain/search.ts';
import { type Person, test, type World } from './home.ts';
import { addDocument } from './search-home.ts';

const asking =
  (world: World) =>
  async (by: Person, q: string, more: object = {}) => {
    const { status, body } = await world.send('GET', `/api/search/?${new URLSearchParams({ q, ...more })}`, by);
    expect(status, q).toBe(200);
    return SearchResults.strict().parse(body);
  };

test('finds what is in a home by its words, the best first, and shows where', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  const search = asking(world);
  const [dishwasher, fridge, notes, boiler] = await addDocument(world, residence_id, [
    { title: 'Dishwasher warranty', document_type: 'warranty', item_name: 'SMV-40/X', serial_number: 'FD 9912' },
    { title: 'Crème brûlée fridge', tags: ['kitchen'], notes: 'Bought where we bought the dishwasher.' },
    { title: 'Notes', description: `${'All that we know of it. '.repeat(30)}The key is under the second flowerpot.` },
    {
      title: 'Boiler',
      file: { filename: 'bosch_manual.pdf', text: 'Run a descaling cycle every six months. <b>Batteries</b>' },
    },
  ]);
  const task = await world.task(owner, residence_id, {
    title: 'Clean the dishwasher filter',
    description: 'With vinegar',
  });
  const contractor = await world.send('POST', '/api/contractors/', owner, {
    name: 'Ada Pipes',
    phone: '+1 (512) 555-0100',
    email: 'ada@pipes.example',
    specialty_ids: [1],
  });
  const ids = async (q: string, more = {}) =>
    (await search(owner, q, more)).results.map(({ type, id }) => `${type} ${id}`);
  const its = {
    dishwasher: `document ${dishwasher}`,
    fridge: `document ${fridge}`,
    boiler: `document ${boiler}`,
    task: `task ${task.id}`,
  };

  expect(await ids('dishwasher')).toEqual([its.dishwasher, its.task, its.fridge]);
  expect(await ids('DISHW')).toEqual([its.dishwasher, its.task, its.fridge]);
  expect(await ids('dishwashers')).toEqual([its.dishwasher, its.task, its.fridge]);
  expect(await ids('dishwasher warr')).toEqual([its.dishwasher]);
  expect(await ids('the dishwasher of')).toEqual([its.dishwasher, its.task, its.fridge]);
  expect(await ids('creme brulee')).toEqual([its.fridge]);
  expect(await ids('"descaling cycle"')).toEqual([its.boiler]);
  expect(await ids('"cycle descaling"')).toEqual([]);
  expect(await ids('cycle descaling')).toEqual([its.boiler]);
  expect(await ids('battery')).toEqual([its.boiler]);
  expect(await ids('smv-40')).toEqual([its.dishwasher]);
  expect(await ids('bosch_manual.pdf')).toEqual([its.boiler]);
  expect(await ids('boiler vinegar')).toEqual([]);
  for (const q of ['ada', '5125550100', 'ada@pipes.example', '512 555'])
    expect(await ids(q), q).toEqual([`contractor ${contractor.body.id}`]);

  const whole = await search(owner, 'dishwasher');
  expect(whole).toMatchObject({
    query: 'dishwasher',
    total: 3,
    facets: { document: 2, task: 1, contractor: 0 },
    next_cursor: null,
  });
  const [first, second, third] = whole.results;
  expect(first).toMatchObject({
    title: 'Dishwasher warranty',
    highlight: '<mark>Dishwasher</mark> warranty',
    found_in: 'title',
  });
  expect(second).toMatchObject({ type: 'task', highlight: 'Clean the <mark>dishwasher</mark> filter', residence_id });
  expect(third).toMatchObject({ found_in: 'notes', highlight: 'Bought where we bought the <mark>dishwasher</mark>.' });
  expect((await search(owner, 'batteries')).results[0]).toMatchObject({
    found_in: 'text',
    highlight: 'Run a descaling cycle every six months. &lt;b&gt;<mark>Batteries</mark>&lt;/b&gt;',
  });
  const [pot] = (await search(owner, 'flowerpot')).results;
  expect([pot?.id, pot?.highlight.length]).toEqual([notes, expect.any(Number)]);
  expect(pot?.highlight).toMatch(/^….{20,80}The key is under the second <mark>flowerpot<\/mark>\.$/);

  // What they say is the same for every member, and nothing for anybody else. What is personal is its owner's.
  for (const other of [member, viewer]) {
    expect((await search(other, 'dishwasher')).results).toEqual(whole.results);
    expect((await search(other, 'ada')).total).toBe(0);
  }
  for (const q of ['dishwasher', 'dishwahser', 'ada', 'boiler']) {
    expect(await search(stranger, q)).toMatchObject({
      total: 0,
      results: [],
      facets: { document: 0, task: 0, contractor: 0 },
    });
  }

  // Types narrow what is answered, and not what is counted.
  const tasks = await search(owner, 'dishwasher', { types: 'task,contractor' });
  expect(tasks).toMatchObject({ total: 1, results: [second], facets: whole.facets });

  const before = world.trips.length;
  const documents = await world.send('GET', '/api/documents/search/?q=manual', owner);
  expect(world.trips.length - before).toBe(1);
  const file = (await world.rows('select id::int from task_documentimage'))[0].id;
  expect(DocumentSearchResults.strict().parse(documents.body)).toMatchObject({
    query: 'manual',
    total: 1,
    results: [
      {
        id: boiler,
        filename: 'bosch_manual.pdf',
        document_type: 'manual',
        storage_path: `/api/media/document-file/${file}/`,
        highlight: 'bosch_<mark>manual</mark>.pdf',
      },
    ],
  });
  const bare = await world.send('GET', '/api/documents/search/?q=dishwasher&limit=1', owner);
  expect(bare.body).toMatchObject({ total: 2, results: [{ id: dishwasher, filename: null, storage_path: null }] });
  const known = { headers: { 'if-none-match': bare.headers.get('etag') ?? '' } };
  const again = await world.send('GET', '/api/documents/search/?q=dishwasher&limit=1', owner, undefined, known);
  expect([again.status, again.text]).toEqual([304, '']);
});

test('a word with two wrong letters finds what it is close to, first', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  const search = asking(world);
  const [wanted] = await addDocument(world, residence_id, [
    { title: 'Furnace warranty', file: { filename: 'thermostat.pdf', text: 'How often to lubricate the blower' } },
    { title: 'Receipt', notes: 'The furnace was serviced in winter.' },
    { title: 'Roof inspection' },
  ]);
  await addDocument(world, elsewhere, [{ title: 'Furnace of a stranger' }]);
  const typos = [
    'fornice',
    'furnxcq',
    'funrace',
    'xurnact',

    'furnacxx',
    'warrenti',
    'thermastot',
    'lubricete',
    'bluwer',
    'fornice warrenti',
    'furnace warrenti',
  ];
  for (const q of typos) {
    const { results } = await search(owner, q);
    expect([q, results[0]?.id]).toEqual([q, wanted]);
    expect(results[0]?.highlight, q).toContain('<mark>');
    expect(results.every(({ ranking_score }) => ranking_score > 0 && ranking_score < 1)).toBe(true);
    expect(results.some(({ title }) => title.includes('stranger'))).toBe(false);
    expect(
      (await search(stranger, q)).results.filter(({ title }) => !title.includes('stranger')),
      q,
    ).toEqual([]);
  }
  // What is spelled right is not taken for something else, and three letters are too many.
  expect((await search(owner, 'roof')).total).toBe(1);
  for (const q of ['foxnizz', 'rof', 'inspectorate'])
    expect(
      (await search(owner, q)).results.map(({ title }) => title),
      q,
    ).toEqual([]);
});

test('whatever is typed is a question, and whatever is found is text', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const search = asking(world);
  await addDocument(world, residence_id, [
    { title: '<script>alert("x")</script> & co', tags: ["o'neil"] },
    { title: '漏水検査報告書', notes: 'ใบรับประกันตู้เย็น' },
    { title: 'دليل الثلاجة', notes: 'מדריך למקרר' },
    { title: 'The', description: `${String.fromCharCode(1)}mark${String.fromCharCode(2)} ${'x'.repeat(5000)}` },
    { title: '😀 Straße 12', notes: '1e5 40x20 -7 3.14 a/b/c http://example.com/a?b=c a_b' },
  ]);
  const titles = async (q: string) => (await search(owner, q)).results.map(({ title }) => title);
  const [script] = (await search(owner, 'script')).results;
  expect(script?.highlight).toBe(
    '&lt;<mark>script</mark>&gt;alert(&quot;x&quot;)&lt;/<mark>script</mark>&gt; &amp; co',
  );
  expect(await titles("o'neil")).toEqual(['<script>alert("x")</script> & co']);
  expect((await search(owner, '検査')).results[0]?.highlight).toBe('漏水<mark>検査</mark>報告書');
  for (const q of ['漏水', '報告', 'ตู้เย็น']) expect(await titles(q), q).toEqual(['漏水検査報告書']);
  for (const q of ['ثلاجة', 'الثلاجة', 'מדריך', 'دَليل']) expect((await titles(q)).length <= 1, q).toBe(true);
  expect(await titles('دَليل')).toEqual(['دليل الثلاجة']);
  expect(await titles('strasse')).toEqual(['😀 Straße 12']);
  for (const q of ['1e5', '40x20', '3.14', 'a/b', 'example.com', 'a_b', '-7'])
    expect(await titles(q), q).toEqual(['😀 Straße 12']);
  expect(await titles('the')).toEqual(['The']);
  expect((await search(owner, 'mark')).results[0]?.highlight).not.toContain(String.fromCharCode(1));
  const nothing = [
    '🔥',
    '!!!',
    '" "',
    '"',
    '""',
    '&',
    '|',
    '!',
    '<->',
    ':*',
    '()',
    "'",
    "''",
    '\\',
    "'; drop table task_document; --",
    'a & !b | (c <-> d):*A',
    '%_',
    '$1',
    '{x}',
    '-',
    '...',
    'ʼ',
    '\u200b',
    '\ufeff',
    '\u0301',
    'x'.repeat(200),
    '漢'.repeat(200),
    'a '.repeat(100),
    '"'.repeat(199),
    'or',
    'and not',
  ];
  for (const q of nothing.filter((text) => text.trim() !== ''))
    expect((await search(owner, q)).total, q).toBeLessThanOrEqual(5);

  const refused = async (query: string) => {
    const { status, body } = await world.send('GET', `/api/search/?${query}`, owner);
    return [status, Object.keys(body.fields ?? {})];
  };
  for (const query of ['', 'q=', 'q=%20', `q=${'x'.repeat(201)}`, 'q=%00'])
    expect(await refused(query), query).toEqual([400, ['q']]);
  expect(await refused('q=a&types=residence')).toEqual([400, ['types']]);
  expect(await refused('q=a&cursor=WzIsImRvY3VtZW50IiwxXQ')).toEqual([400, ['cursor']]);
  expect(await refused('q=a&limit=201')).toEqual([400, ['limit']]);
});

test('pages follow each other, and the same findings are the same answer', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const search = asking(world);
  await world.rows(
    `insert into task_document (residence_id, title, document_type, notes)
     select $1, case n % 3 when 0 then 'Gutter ' || n else 'Paper ' || n end, 'other', 'gutter' from generate_series(1, 23) n`,
    [residence_id],
  );
  await world.task(owner, residence_id, { title: 'Gutter 1' });
  const whole = (await search(owner, 'gutter', { limit: 200 })).results;
  const scores = whole.map(({ ranking_score }) => ranking_score);
  expect(whole).toHaveLength(24);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  const paged: typeof whole = [];
  let cursor: string | null = '';
  do {
    const page: Awaited<ReturnType<typeof search>> = await search(owner, 'gutter', {
      limit: 5,
      ...(cursor && { cursor }),
    });
    expect([page.total, page.facets.document]).toEqual([24, 23]);
    paged.push(...page.results);
    cursor = page.next_cursor;
  } while (cursor);
  expect(paged).toEqual(whole);

  const path = '/api/search/?q=gutter';
  const first = await world.send('GET', path, owner);
  const same = () =>
    world.send('GET', path, owner, undefined, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
  expect((await same()).status).toBe(304);
  await world.task(owner, residence_id, { title: 'Gutter 2' });
  expect((await same()).status).toBe(200);
});
