import { expect, test } from 'vitest';
import { contentMd5, element, elements, refusal, startLocal } from './local.ts';

type Local = Awaited<ReturnType<typeof startLocal>>;

const put = async ({ send }: Local, path: string, body: string) =>
  (await send(path, { method: 'PUT', body })).headers.get('x-amz-version-id') ?? '';

test('every write makes a version, and a deletion only hides', async () => {
  const local = await startLocal();
  const { send } = local;
  const first = await put(local, '/a', 'one');
  const second = await put(local, '/a', 'two');
  expect(await (await send('/a')).text()).toBe('two');
  expect(await (await send(`/a?versionId=${first}`)).text()).toBe('one');

  const hidden = await send('/a', { method: 'DELETE' });
  const marker = hidden.headers.get('x-amz-version-id') ?? '';
  expect([hidden.status, hidden.headers.get('x-amz-delete-marker')]).toEqual([204, 'true']);
  const gone = await send('/a');
  expect(gone.headers.get('x-amz-delete-marker')).toBe('true');
  expect(await refusal(gone)).toBe('404 NoSuchKey');
  const asked = await send(`/a?versionId=${marker}`);
  expect(asked.headers.get('allow')).toBe('DELETE');
  expect(await refusal(asked)).toBe('405 MethodNotAllowed');
  expect(await (await send(`/a?versionId=${second}`)).text()).toBe('two');

  const unhidden = await send(`/a?versionId=${marker}`, { method: 'DELETE' });
  expect([unhidden.status, unhidden.headers.get('x-amz-delete-marker')]).toEqual([204, 'true']);
  expect(await (await send('/a')).text()).toBe('two');
  const removed = await send(`/a?versionId=${second}`, { method: 'DELETE' });
  expect([removed.status, removed.headers.get('x-amz-delete-marker')]).toEqual([204, null]);
  expect(await (await send('/a')).text()).toBe('one');
});

test('a version that is not there can be deleted, not read', async () => {
  const local = await startLocal();
  const { send } = local;
  const id = await put(local, '/a', 'one');
  const once = await send(`/a?versionId=${id}`, { method: 'DELETE' });
  const again = await send(`/a?versionId=${id}`, { method: 'DELETE' });
  expect([once.status, again.status, again.headers.get('x-amz-version-id')]).toEqual([204, 204, id]);
  expect(await refusal(await send(`/a?versionId=${id}`))).toBe('404 NoSuchVersion');
  expect(await refusal(await send('/a?versionId=../../etc'))).toBe('400 InvalidArgument');
  expect(await refusal(await send('/a?versionId=../../etc', { method: 'DELETE' }))).toBe('400 InvalidArgument');
  const other = await put(local, '/b', 'other');
  expect((await send(`/a?versionId=${other}`, { method: 'DELETE' })).status).toBe(204);
  expect(await (await send('/b')).text()).toBe('other');
});

test('many objects and versions are deleted at once', async () => {
  const local = await startLocal();
  const id = await put(local, '/a', 'one');
  await put(local, '/b&', 'two');
  const post = (body: string, headers: Record<string, string> = { 'content-md5': contentMd5(body) }) =>
    local.send('?delete', { method: 'POST', body, headers });
  const object = (key: string, version?: string) =>
    `<Object><Key>${key}</Key>${version ? `<VersionId>${version}</VersionId>` : ''}</Object>`;

  const targets = object('a', id) + object('b&amp;') + object('c', 'nonsense');
  const result = await post(`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n${targets}\n</Delete>`);
  const text = await result.text();
  expect(elements(text, 'Key')).toEqual(['a', 'b&amp;', 'c']);
  expect(element(text, 'VersionId')).toBe(id);
  expect(element(text, 'DeleteMarkerVersionId')).toMatch(/^4_z/);
  expect(element(text, 'Code')).toBe('InvalidArgument');
  expect(await refusal(await local.send('/b%26'))).toBe('404 NoSuchKey');

  const quiet = await (await post(`<Delete><Quiet>true</Quiet>${object('d')}</Delete>`)).text();
  expect(elements(quiet, 'Key')).toEqual([]);
  expect(await refusal(await post('<Delete></Delete>'))).toBe('400 MalformedXML');
  expect(await refusal(await post(`<Delete>${object('x').repeat(1001)}</Delete>`))).toBe('400 MalformedXML');
  expect(await refusal(await post(`<Delete>${object('x')}</Delete>`, {}))).toBe('400 InvalidRequest');
});

test('objects are listed page by page, in the order of their bytes', async () => {
  const local = await startLocal();
  const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/', 'é', '\uFF21', '🐝', 'gone'];
  for (const key of keys) await put(local, `/${encodeURIComponent(key)}`, key);
  await local.send('/gone', { method: 'DELETE' });
  const list = async (query: Record<string, string>) =>
    await (await local.send(`?${new URLSearchParams({ 'list-type': '2', ...query })}`)).text();

  expect(elements(await list({}), 'Key')).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/', 'é', '\uFF21', '🐝']);
  expect(elements(await list({ prefix: 'b/' }), 'Key')).toEqual(['b/1', 'b/2', 'b/c/3']);
  expect(elements(await list({ 'start-after': 'd' }), 'Key')).toEqual(['e/', 'é', '\uFF21', '🐝']);
  const folders = await list({ delimiter: '/' });
  expect(elements(folders, 'Key')).toEqual(['a', 'd', 'é', '\uFF21', '🐝']);
  expect(elements(folders, 'Prefix')).toEqual(['', 'b/', 'e/']);
  const inside = await list({ delimiter: '/', prefix: 'b/', 'encoding-type': 'url' });
  expect([elements(inside, 'Key'), elements(inside, 'Prefix')]).toEqual([
    ['b/1', 'b/2'],
    ['b/', 'b/c/'],
  ]);
  expect(elements(await list({ prefix: '🐝', 'encoding-type': 'url' }), 'Key')).toEqual(['%F0%9F%90%9D']);

  const seen: unknown[] = [];
  for (let token: string | undefined, more = true; more; ) {
    const page = await list({ delimiter: '/', 'max-keys': '1', ...(token && { 'continuation-token': token }) });
    seen.push(...elements(page, 'Key'), ...elements(page, 'Prefix').slice(1));
    expect(element(page, 'KeyCount')).toBe('1');
    token = element(page, 'NextContinuationToken');
    more = element(page, 'IsTruncated') === 'true';
    expect(more).toBe(token !== undefined);
  }
  expect(seen).toEqual(['a', 'b/', 'd', 'e/', 'é', '\uFF21', '🐝']);
  expect(element(await list({ 'max-keys': '0' }), 'IsTruncated')).toBe('false');
  expect(element(await list({ 'max-keys': '-1' }), 'Code')).toBe('InvalidArgument');
  expect(element(await list({ 'continuation-token': '!' }), 'Code')).toBe('InvalidArgument');
  expect(element(await list({ 'list-type': '1' }), 'Code')).toBe('NotImplemented');
});

test('versions are listed page by page while somebody deletes them', async () => {
  const local = await startLocal();
  const ids: string[] = [];
  for (const body of ['1', '2', '3']) ids.unshift(await put(local, '/a', body));
  ids.unshift((await local.send('/a', { method: 'DELETE' })).headers.get('x-amz-version-id') ?? '');
  ids.push(await put(local, '/b', 'b'), await put(local, '/c/d', 'd'));
  const list = async (query: Record<string, string>) =>
    await (await local.send(`?${new URLSearchParams({ versions: '', ...query })}`)).text();

  const whole = await list({});
  expect(elements(whole, 'VersionId')).toEqual(ids);
  expect(elements(whole, 'IsLatest')).toEqual(['true', 'false', 'false', 'false', 'true', 'true']);
  expect(whole.match(/<DeleteMarker>/g)).toHaveLength(1);

  const seen: unknown[] = [];
  for (let marker = {}, more = true; more; ) {
    const page = await list({ 'max-keys': '1', delimiter: '/', ...marker });
    seen.push(...elements(page, 'VersionId'), ...elements(page, 'Prefix').slice(1));
    const [key = '', id] = [element(page, 'NextKeyMarker'), element(page, 'NextVersionIdMarker')];
    marker = { 'key-marker': key, ...(id && { 'version-id-marker': id }) };
    more = element(page, 'IsTruncated') === 'true';
    if (id) await local.send(`/${key}?versionId=${id}`, { method: 'DELETE' });
  }
  expect(seen).toEqual([...ids.slice(0, 5), 'c/']);
  expect(elements(await list({}), 'VersionId')).toEqual(ids.slice(5));
  expect(element(await list({ 'version-id-marker': 'x' }), 'Code')).toBe('InvalidArgument');
});
