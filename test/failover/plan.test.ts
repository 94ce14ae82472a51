import { expect, test } from 'vitest';
import { passedOn } from '../../workers/failover/headers.ts';
import { type Plan, planOf } from '../../workers/failover/plan.ts';
import { adminOperations, operations } from '../operations.ts';

const at = (method: string, path: string, headers = {}) =>
  planOf(new Request(`https://api.honeydue.app${path}`, { method, headers }));
const pathOf = (path: string) => `${path.replace(/\/:(\w+)(\{[^}]*\})?/g, '/1').replace(/\/$/, '')}/`;

/** What is not tried in both places, or nowhere else; every other operation is the same whether it is done once or twice. */
const OTHERS: Record<string, Plan> = {
  'GET /api/health/': 'here',
  'GET /api/health/ready/': 'here',
  'GET /api/openapi.json': 'here',
  'POST /api/contact/': 'once',
  'POST /contact/': 'once',
  'POST /api/auth/forgot-password/': 'once',
  'POST /api/documents/upload/': 'stream',
};

test('each operation is planned: what could not be told from its repetition is done once', () => {
  const planned = operations().map(({ method, path, name }) => [name, at(method, pathOf(path))]);
  expect(planned).toEqual(operations().map(({ name }) => [name, OTHERS[name] ?? 'twice']));
  for (const { method, path, name } of adminOperations()) {
    expect(at(method, pathOf(path)), name).toBe(method === 'GET' ? 'twice' : 'once');
  }
});

test('pages, previews of browsers and what was handed over already go nowhere', () => {
  for (const path of ['/', '/favicon.svg', '/api/docs/', '/api/openapi.json']) expect(at('GET', path)).toBe('here');
  expect(at('OPTIONS', '/api/tasks/')).toBe('here');
  expect(at('POST', '/nowhere')).toBe('here');
  expect(at('POST', '/api/tasks/', { 'x-edge-signature': 't=1,v1=0' })).toBe('here');
  expect(at('HEAD', '/api/tasks')).toBe('twice');
});

test('a client’s headers go on, but for those of a hop and those that it has no say in', () => {
  const kept = passedOn(
    new Headers({
      authorization: 'Token x',
      'idempotency-key': 'k',
      'x-timezone': '+09:00',
      cookie: 'a=b',
      'if-none-match': '"1"',
      range: 'bytes=0-1',
      connection: 'keep-alive, X-Hop',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      upgrade: 'h2c',
      'content-length': '5',
      'cf-connecting-ip': '203.0.113.7',
      'cf-ray': '1',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-tls-client-cert': 'MII',
      'x-real-ip': '10.0.0.1',
      'x-edge-address': '10.0.0.1',
    }),
  );
  expect([...kept.keys()].sort()).toEqual(
    ['authorization', 'cookie', 'idempotency-key', 'if-none-match', 'range', 'x-timezone'].sort(),
  );
});
