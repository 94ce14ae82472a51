import { describe, expect, test } from 'vitest';
import { readRequest } from '../../dev/s3/request.ts';
import { verifySignature } from '../../dev/s3/signature.ts';
import { BUCKET, client, element, head, KEYS, raw, refusal, sha256, speaker, startLocal } from './local.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('the examples that AWS publishes', () => {
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  };
  const noon = Date.UTC(2013, 4, 24);
  const scope = 'Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
  const verify = (method: string, target: string, headers: Record<string, string>, nowMs = noon) => {
    const all = { host: 'examplebucket.s3.amazonaws.com', ...headers };
    return verifySignature(readRequest(method, target, Object.entries(all).flat()), credentials, nowMs);
  };
  const signed = (signedHeaders: string, signature: string, hash = EMPTY) => ({
    'x-amz-content-sha256': hash,
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 ${scope},SignedHeaders=${signedHeaders},Signature=${signature}`,
  });
  const plain = 'host;x-amz-content-sha256;x-amz-date';

  test('GET Object', () => {
    const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';
    const headers = signed('host;range;x-amz-content-sha256;x-amz-date', signature);
    expect(verify('GET', '/test.txt', { ...headers, range: 'bytes=0-9' })).toBe(EMPTY);
    expect(() => verify('GET', '/test.txt', { ...headers, range: 'bytes=0-8' })).toThrow('Signature validation failed');
    expect(() => verify('HEAD', '/test.txt', { ...headers, range: 'bytes=0-9' })).toThrow(
      'Signature validation failed',
    );
  });

  test('PUT Object', () => {
    const hash = sha256('Welcome to Amazon S3.');
    const names = 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class';
    const headers = signed(names, '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd', hash);
    const more = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
    expect(verify('PUT', '/test%24file.text', { ...headers, ...more })).toBe(hash);
    expect(verify('PUT', '/test$file.text', { ...headers, ...more })).toBe(hash);
  });

  test('GET Bucket Lifecycle and List Objects', () => {
    const lifecycle = signed(plain, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543');
    expect(verify('GET', '/?lifecycle', lifecycle)).toBe(EMPTY);
    const list = signed(plain, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7');
    expect(verify('GET', '/?max-keys=2&prefix=J', list)).toBe(EMPTY);
    expect(verify('GET', '/?prefix=J&max-keys=2', list)).toBe(EMPTY);
  });

  test('a presigned GET, to its last second', () => {
    const target =
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    expect(verify('GET', target, {})).toBe('UNSIGNED-PAYLOAD');
    expect(verify('GET', target, {}, noon + 86_400_000)).toBe('UNSIGNED-PAYLOAD');
    expect(() => verify('GET', target, {}, noon + 86_401_000)).toThrow('Request has expired');
    expect(() => verify('GET', target, {}, noon - 901_000)).toThrow('Request is not yet valid');
    expect(() => verify('GET', target.replace('=86400', '=86401'), {})).toThrow('Signature validation failed');
    expect(() => verify('GET', target.replace('=86400', '=604801'), {})).toThrow('604800');
  });
});

describe('requests signed in their headers', () => {
  test('are refused with the wrong key, secret, region, service or hour', async () => {
    const { at } = await startLocal();
    const ask = async (more: Parameters<typeof client>[0], datetime?: string) =>
      await refusal(await client(more).fetch(at('/a'), datetime ? { aws: { datetime } } : {}));
    const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000).toISOString().replace(/[:-]|\.\d{3}/g, '');
    expect(await ask({})).toBe('404 NoSuchKey');
    expect(await ask({ accessKeyId: 'nobody' })).toBe('403 InvalidAccessKeyId');
    expect(await ask({ secretAccessKey: 'guess' })).toBe('403 SignatureDoesNotMatch');
    expect(await ask({ region: 'us-west-004' })).toBe('400 AuthorizationHeaderMalformed');
    const ses = client({ service: 'ses' }).fetch(at('/a'), { headers: { 'x-amz-content-sha256': EMPTY } });
    expect(await refusal(await ses)).toBe('400 AuthorizationHeaderMalformed');
    expect(await ask({}, minutesAgo(14))).toBe('404 NoSuchKey');
    expect(await ask({}, minutesAgo(16))).toBe('403 RequestTimeTooSkewed');
    expect(await ask({}, minutesAgo(-16))).toBe('403 RequestTimeTooSkewed');
  });

  test('are refused unsigned, signed twice, or with a header of ours that is not signed', async () => {
    const { at, aws, presign } = await startLocal();
    expect(await refusal(await fetch(at('/a')))).toBe('403 AccessDenied');
    expect(await refusal(await aws.fetch(await presign('/a')))).toBe('400 InvalidArgument');
    const basic = { headers: { authorization: 'Basic aGk6aGk=' } };
    expect(await refusal(await fetch(at('/a'), basic))).toBe('400 InvalidRequest');

    const signed = await aws.sign(at('/a'), { method: 'PUT', body: 'x' });
    signed.headers.set('x-amz-meta-smuggled', '1');
    const text = await (await fetch(signed)).text();
    expect(element(text, 'Message')).toBe("header 'x-amz-meta-smuggled' must be included in signature");
  });

  test('must bear each header that was signed, even an empty one', async () => {
    const { at, aws } = await startLocal();
    const signed = await aws.sign(at('/a'), { headers: { 'x-note': '' } });
    expect(await refusal(await fetch(signed.clone()))).toBe('404 NoSuchKey');
    signed.headers.delete('x-note');
    expect(await refusal(await fetch(signed))).toBe('403 SignatureDoesNotMatch');
  });

  test('need the host in the signature', async () => {
    const { at, aws, port } = await startLocal();
    const { headers } = await aws.sign(at('/a'));
    const authorization = (headers.get('authorization') ?? '').replace('SignedHeaders=host;', 'SignedHeaders=');
    const answer = await raw(
      port,
      head('GET', at('/a'), { ...Object.fromEntries(headers), authorization }),
      /<\/Error>/,
    );
    expect(element(answer, 'Message')).toBe("header 'host' must be included in signature");
  });

  test('must have the body that the hash is of', async () => {
    const { send } = await startLocal();
    const put = (hash: string) =>
      send('/a', { method: 'PUT', body: 'honey', headers: { 'x-amz-content-sha256': hash } });
    expect((await put(sha256('honey'))).status).toBe(200);
    expect(await refusal(await put(sha256('money')))).toBe('400 XAmzContentSHA256Mismatch');
    expect(await refusal(await put('STREAMING-UNSIGNED-PAYLOAD-TRAILER'))).toBe('501 NotImplemented');
    expect(await refusal(await put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD'))).toBe('501 NotImplemented');
    expect(await refusal(await put('nonsense'))).toBe('400 InvalidArgument');
    expect(await (await send('/a')).text()).toBe('honey');
  });

  test.each([
    'plain.txt',
    'a b/c+d.txt',
    "quo'te(1)!*.txt",
    'ünïcødé/日本 🐝',
    'per%25cent',
    'a=b&c;d,e:f@g',
    '/lead//twice/',
  ])('may have any key: %s', async (key) => {
    const { send, presign } = await startLocal();
    const path = `/${key.split('/').map(encodeURIComponent).join('/')}`;
    expect((await send(path, { method: 'PUT', body: key })).status).toBe(200);
    expect(await (await fetch(await presign(path))).text()).toBe(key);
    expect(element(await (await send('?list-type=2')).text(), 'Key')).toBe(key.replaceAll('&', '&amp;'));
  });
});

describe('presigned requests', () => {
  const image = { method: 'PUT', headers: { 'content-type': 'image/png', 'content-length': '5' } };

  test('hold the client to every header that was signed', async () => {
    const { presign, port } = await startLocal();
    const url = await presign('/photo', {
      method: 'PUT',
      headers: { ...image.headers, 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' },
    });
    const put = async (headers: Record<string, string>, body: string) => {
      const answer = await raw(port, head('PUT', url, headers) + body, /\r\n\r\n/);
      return `${answer.slice(9, 12)} ${element(answer, 'Code')}`;
    };
    const good = { ...image.headers, 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' };
    expect(await put({ ...good, 'content-type': 'text/html' }, 'hello')).toBe('403 SignatureDoesNotMatch');
    expect(await put({ ...good, 'content-length': '6' }, 'hello!')).toBe('403 SignatureDoesNotMatch');
    expect(await put(image.headers, 'hello')).toBe('403 SignatureDoesNotMatch');
    expect(await put(good, 'jello')).toBe('400 BadDigest');
    expect(await put(good, 'hello')).toMatch(/^200/);
  });

  test('work with fetch, and only for their method, path and time', async () => {
    const { presign, aws, at } = await startLocal();
    const url = await presign('/photo', image);
    expect((await fetch(url, { ...image, body: 'hello' })).status).toBe(200);
    expect(await refusal(await fetch(url))).toBe('403 SignatureDoesNotMatch');
    expect(await refusal(await fetch(url.replace('photo', 'phot0'), { ...image, body: 'hello' }))).toBe(
      '403 SignatureDoesNotMatch',
    );
    const old = { signQuery: true, datetime: '20200101T000000Z' };
    const expired = await fetch(await aws.sign(at('/photo'), { aws: old }));
    expect(expired.status).toBe(403);
    expect(element(await expired.text(), 'Message')).toBe('Request has expired');
    expect(await refusal(await fetch(await presign('/photo', {}, 604_801)))).toBe(
      '400 AuthorizationQueryParametersError',
    );
    expect(await refusal(await fetch(`${await presign('/photo')}&X-Amz-Date=1`))).toBe('400 InvalidArgument');
  });

  test('may say how a download presents itself', async () => {
    const { presign, send } = await startLocal();
    await send('/bill', { method: 'PUT', body: 'pdf', headers: { 'content-type': 'application/pdf' } });
    const query = new URLSearchParams({
      'response-content-disposition': 'attachment; filename="bill.pdf"',
      'response-cache-control': 'no-store',
    });
    const response = await fetch(await presign(`/bill?${query}`));
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="bill.pdf"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/pdf');
    const split = await presign(`/bill?${new URLSearchParams({ 'response-content-type': 'a\r\nset-cookie: b' })}`);
    expect(await refusal(await fetch(split))).toBe('400 InvalidArgument');
  });
});

test('one key opens one server only', async () => {
  const { url } = await startLocal();
  const stranger = client({ accessKeyId: KEYS.accessKeyId, secretAccessKey: `${KEYS.secretAccessKey}x` });
  expect(await refusal(await stranger.fetch(`${url}/${BUCKET}`, { method: 'DELETE' }))).toBe(
    '403 SignatureDoesNotMatch',
  );
  expect((await speaker(url).send('', { method: 'HEAD' })).status).toBe(200);
});
