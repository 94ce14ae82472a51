import { expect, test } from 'vitest';
import { BUCKET, element, elements, REGION, refusal, startLocal } from './local.ts';

test('buckets are made, found, listed, and deleted when empty', async () => {
  const { aws, url, send } = await startLocal();
  const ask = async (method: string, name: string, body?: string) =>
    await aws.fetch(`${url}/${name}`, body === undefined ? { method } : { method, body });
  const location = (region: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  expect((await ask('PUT', 'home-exports')).status).toBe(200);
  expect((await ask('PUT', 'home-archive/', location(REGION))).status).toBe(200);
  expect(await refusal(await ask('PUT', 'home-else', location('eu-central-003')))).toBe(
    '400 InvalidLocationConstraint',
  );
  const twins = await Promise.all([ask('PUT', 'home-twin'), ask('PUT', 'home-twin')]);
  expect(twins.map(({ status }) => status).sort()).toEqual([200, 409]);
  await ask('DELETE', 'home-twin');
  expect(await refusal(await ask('PUT', 'home-exports'))).toBe('409 BucketAlreadyOwnedByYou');
  for (const name of ['short', 'b2-mine', 'with_line', 'UPPER-case', '-dash-', 'x'.repeat(64)]) {
    expect((await refusal(await ask('PUT', name))).slice(0, 3)).toBe('400');
  }
  expect(await refusal(await ask('PUT', '..%2f..%2fx', ''))).toBe('404 NoSuchBucket');
  expect(elements(await (await ask('GET', '')).text(), 'Name')).toEqual(['home-archive', 'home-exports', BUCKET]);

  expect((await ask('HEAD', 'home-exports')).headers.get('x-amz-bucket-region')).toBe(REGION);
  expect((await ask('HEAD', 'home-nothing')).status).toBe(404);
  expect(await (await send('?location')).text()).toContain(`>${REGION}</LocationConstraint>`);
  expect(element(await (await send('?versioning')).text(), 'Status')).toBe('Enabled');

  const version = (await send('/a', { method: 'PUT', body: 'x' })).headers.get('x-amz-version-id');
  expect(await refusal(await ask('DELETE', BUCKET))).toBe('409 BucketNotEmpty');
  await send(`/a?versionId=${version}`, { method: 'DELETE' });
  expect((await ask('DELETE', BUCKET)).status).toBe(204);
  expect(await refusal(await send('/a', { method: 'PUT', body: 'x' }))).toBe('404 NoSuchBucket');
});

test('lifecycle rules are kept as they were put', async () => {
  const { send } = await startLocal();
  const put = (body: string) => send('?lifecycle', { method: 'PUT', body });
  const rule = (inside: string) => `<LifecycleConfiguration><Rule>${inside}</Rule></LifecycleConfiguration>`;
  const noncurrent = '<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>';
  const abort =
    '<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>';
  const inside = `<ID>sweep</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>${noncurrent}${abort}`;

  expect(await refusal(await send('?lifecycle'))).toBe('404 NoSuchLifecycleConfiguration');
  expect((await put(rule(inside))).status).toBe(200);
  expect(await (await send('?lifecycle')).text()).toContain(`<Rule>${inside}</Rule>`);
  const prefix = '<Prefix>tmp/</Prefix><Status>Disabled</Status>';
  expect((await put(rule(`${prefix}<Expiration><Days>30</Days></Expiration>`))).status).toBe(200);
  expect(await (await send('?lifecycle')).text()).toContain('<Expiration><Days>30</Days></Expiration>');
  for (const bad of [
    prefix,
    `<Status>Enabled</Status>${abort}`,
    `<Filter/><Prefix/><Status>Enabled</Status>${abort}`,
    `<Filter/><Status>Sometimes</Status>${abort}`,
    `<Filter/><Status>Enabled</Status>${abort}${abort}`,
    `<Filter/><Status>Enabled</Status>${abort}<Colour/>`,
  ]) {
    expect(await refusal(await put(rule(bad)))).toBe('400 MalformedXML');
  }
  expect(await refusal(await put(rule(`<Filter/><Status>Enabled</Status>${abort.replace('>1<', '>0<')}`)))).toBe(
    '400 InvalidArgument',
  );
  expect(await refusal(await put(rule('<Transition/>')))).toBe('501 NotImplemented');
  expect((await send('?lifecycle', { method: 'DELETE' })).status).toBe(204);
  expect(await refusal(await send('?lifecycle'))).toBe('404 NoSuchLifecycleConfiguration');
});

test('a browser may write from a configured origin only', async () => {
  const origin = 'http://localhost:5173';
  const { presign, at } = await startLocal({ corsOrigins: [origin] });
  const ask = (from: string, method = 'PUT') =>
    fetch(at('/photo'), {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type,content-md5',
      },
    });
  const allowed = await ask(origin);
  expect(allowed.status).toBe(200);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
  expect(allowed.headers.get('access-control-allow-methods')).toContain('PUT');
  expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type,content-md5');
  const stranger = await ask('http://evil.example');
  expect(stranger.headers.get('access-control-allow-origin')).toBe(null);
  expect(await refusal(stranger)).toBe('403 AccessForbidden');
  expect((await ask(origin, 'DELETE')).status).toBe(403);

  const init = { method: 'PUT', headers: { 'content-type': 'image/png' } };
  const url = await presign('/photo', init);
  const put = await fetch(url, { ...init, body: 'x', headers: { ...init.headers, origin } });
  expect(put.headers.get('access-control-allow-origin')).toBe(origin);
  expect(put.headers.get('access-control-expose-headers')).toContain('ETag');
  // A refusal must be readable too, or the page can't tell it from a lost connection.
  const refused = await fetch(url, { ...init, body: 'x', headers: { 'content-type': 'text/html', origin } });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, origin]);
});
