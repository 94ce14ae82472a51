import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { expect, test } from 'vitest';
import { localCertificate } from '../../dev/push/certificate.ts';
import { EDGE_HEADERS, type HandedOver, signHandOver } from '../../domain/edge-signature.ts';
import { sha256 } from '../../domain/session.ts';
import { answerCaller, type Trust, trustOf } from '../../origin/caller.ts';
import { certificatesOf } from '../../origin/client-certificate.ts';
import { parseEnvironment } from '../../origin/settings.ts';

const SECRETS = ['the new secret between the edge and the origin', 'the old secret between the edge and the origin'];
const NOW = Date.parse('2026-03-07T15:00:00Z');
const PEER = '10.42.0.9';
const TRUST: Trust = { secrets: SECRETS, isOurs: null, isAnybodyHeard: false, now: () => NOW };

const { cert, ca } = await localCertificate();
/** As Traefik hands it on. */
const handedOn = (pem: string) => pem.replace(/-----[^-]+-----|\n/g, '');

/** What the application would be asked, or the refusal. */
async function ask(trust: Trust, path: string, headers: Record<string, string> = {}, init: RequestInit = {}) {
  const request = new Request(`http://10.42.0.7:8788${path}`, { ...init, headers, duplex: 'half' });
  const response = await answerCaller(request, PEER, trust, async ({ request, address }) =>
    Response.json({ address, url: request.url, text: await request.text(), names: [...request.headers.keys()] }),
  );
  expect(response.headers.get('x-served-by')).toBe('origin');
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const REFUSED = { status: 421, body: { code: 'misdirected', status: 421 } };

async function signed(more: Partial<HandedOver> = {}, { secret = SECRETS[0] ?? '', body = '', later_s = 0 } = {}) {
  const digest = sha256(body);
  const asked = { method: 'POST', url: 'https://api.honeydue.app/api/tasks/?a=b', address: '203.0.113.7' };
  const what = { ...asked, key: '', digest, ...more };
  return {
    [EDGE_HEADERS.signature]: await signHandOver(secret, what, NOW + later_s * 1000),
    [EDGE_HEADERS.url]: what.url,
    [EDGE_HEADERS.address]: what.address,
    [EDGE_HEADERS.digest]: what.digest,
    ...(what.key && { 'idempotency-key': what.key }),
  };
}

test('nobody else is answered, whatever they say of themselves, but who asks how it goes', async () => {
  const claims = {
    'cf-connecting-ip': '198.51.100.1',
    'x-forwarded-for': '198.51.100.1',
    'x-real-ip': '198.51.100.1',
    'x-edge-address': '198.51.100.1',
    'x-edge-url': 'https://api.honeydue.app/api/tasks/',
    'x-forwarded-tls-client-cert': handedOn(cert),
  };
  for (const path of ['/', '/api/tasks/', '/api/health/ready/x', '/api/healthy', '/api/health/../tasks/']) {
    expect(await ask(TRUST, path, claims), path).toMatchObject(REFUSED);
  }
  for (const path of ['/api/health', '/api/health/', '/api/health/ready/']) {
    expect(await ask(TRUST, path, claims)).toMatchObject({ status: 200, body: { address: PEER } });
  }
});

test('on a developer’s machine everybody is, under the address that the socket says', async () => {
  const anyone = { ...TRUST, isAnybodyHeard: true };
  const told = await ask(anyone, '/api/tasks/', { 'cf-connecting-ip': '198.51.100.1' });
  expect(told).toMatchObject({ status: 200, body: { address: PEER } });
  const forged = { ...(await signed()), [EDGE_HEADERS.address]: '198.51.100.1' };
  expect(await ask(anyone, '/api/tasks/', forged, { method: 'POST' })).toMatchObject(REFUSED);
});

test('the edge is believed what it signs: the address, the URL as the client asked it, and the body', async () => {
  const body = '{"title":"Fenster putzen — und zwar alle"}';
  for (const secret of SECRETS) {
    const told = await ask(TRUST, '/api/tasks/?a=b', await signed({ key: 'k' }, { secret, body }), {
      method: 'POST',
      body,
    });
    const names = ['content-type', 'idempotency-key'];
    const expected = { address: '203.0.113.7', url: 'https://api.honeydue.app/api/tasks/?a=b', text: body, names };
    expect(told).toEqual({ status: 200, body: expected });
  }
});

test('what was signed otherwise, by another, or too long ago is refused', async () => {
  const body = '{}';
  const post = (headers: Record<string, string>, sent = body, method = 'POST') =>
    ask(TRUST, '/api/tasks/', headers, { method, body: sent });
  expect((await post(await signed({}, { body }))).status).toBe(200);
  expect(await post(await signed({}, { body }), '{ }')).toMatchObject(REFUSED);
  expect(await post(await signed({}, { body }), body, 'PUT')).toMatchObject(REFUSED);
  expect(await post(await signed({}, { body, later_s: -61 }))).toMatchObject(REFUSED);
  expect(await post(await signed({}, { body, later_s: 61 }))).toMatchObject(REFUSED);
  expect(await post(await signed({}, { body, secret: 'a secret of nobody, and as long as any' }))).toMatchObject(
    REFUSED,
  );
  const good = await signed({ key: 'k' }, { body });
  for (const [name, value] of [
    [EDGE_HEADERS.url, 'https://admin.honeydue.app/api/tasks/?a=b'],
    [EDGE_HEADERS.address, '198.51.100.1'],
    [EDGE_HEADERS.digest, sha256('{ }')],
    ['idempotency-key', 'l'],
  ] as const) {
    expect(await post({ ...good, [name]: value }), name).toMatchObject(REFUSED);
  }
});

test('only what is streamed comes without its digest, and nothing longer than anybody may send', async () => {
  const upload = { url: 'https://api.honeydue.app/api/documents/upload/', digest: 'streamed' };
  const init = { method: 'POST', body: new Blob(['a file']).stream() };
  expect(await ask(TRUST, '/', await signed(upload), init)).toMatchObject({ status: 200, body: { text: 'a file' } });
  expect(await ask(TRUST, '/', await signed({ digest: 'streamed' }), { method: 'POST' })).toMatchObject(REFUSED);
  const long = 'x'.repeat(1024 ** 2 + 1);
  const { status } = await ask(TRUST, '/', await signed({}, { body: long }), { method: 'POST', body: long });
  expect(status).toBe(421);
});

test('Cloudflare is believed the client’s address by a certificate of our own zone, while it is good', async () => {
  const trust = { ...TRUST, isOurs: certificatesOf(`${await another()}\n${ca}`) };
  const cloudflare = { 'cf-connecting-ip': '203.0.113.7' };
  const shown = handedOn(cert);
  for (const header of [shown, `${shown},${handedOn(ca)}`, encodeURIComponent(shown)]) {
    const told = await ask(trust, '/api/tasks/', { ...cloudflare, 'x-forwarded-tls-client-cert': header });
    expect(told).toMatchObject({ status: 200, body: { address: '203.0.113.7' } });
  }
  for (const header of ['', 'MII', '%', handedOn(await another()), shown.slice(0, -8), `${handedOn(ca)},${shown}`]) {
    const told = await ask(trust, '/api/tasks/', { ...cloudflare, 'x-forwarded-tls-client-cert': header });
    expect(told, header).toMatchObject(header === `${handedOn(ca)},${shown}` ? { status: 200 } : REFUSED);
  }
  expect(await ask(trust, '/api/tasks/', { 'x-forwarded-tls-client-cert': shown })).toMatchObject(REFUSED);
  const years = 2 * 365 * 24 * 3600_000;
  const later = { ...TRUST, isOurs: certificatesOf(ca, () => Date.now() + years) };
  expect(await ask(later, '/', { ...cloudflare, 'x-forwarded-tls-client-cert': shown })).toMatchObject(REFUSED);
});

/** A certificate that only its own maker believes. */
async function another(): Promise<string> {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=Somebody', keys, signingAlgorithm });
  return made.toString('pem');
}

test('settings that leave nobody to be heard end the process at its door', () => {
  const DATABASE_URL = 'postgresql://app@127.0.0.1/honeydue';
  const of = (env: Record<string, string>) => trustOf(parseEnvironment({ DATABASE_URL, ...env }));
  expect(() => of({})).toThrow('Nobody would be heard');
  expect(() => of({ EDGE_SECRETS: 'short' })).toThrow();
  expect(() => of({ ORIGIN_PULL_CA: 'not a certificate' })).toThrow('no certificate');
  expect(of({ CALLERS: 'anyone' })).toMatchObject({ isAnybodyHeard: true, secrets: [] });
  expect(of({ EDGE_SECRETS: SECRETS.join(',') })).toMatchObject({ isAnybodyHeard: false, secrets: SECRETS });
  expect(of({ ORIGIN_PULL_CA: ca.replaceAll('\n', '\\n') }).isOurs?.(handedOn(cert))).toBe(true);
});
