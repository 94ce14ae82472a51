import getPort from 'get-port';
import { expect, vi } from 'vitest';
import { startEdge } from '../../dev/edge.ts';
import { startNeonEndpoint } from '../../dev/neon-endpoint.ts';
import { appUrl } from '../database.ts';
import { type Person, test } from '../home.ts';
import { keptIn, withCache } from './cached.ts';

test('workerd keeps copies after its answers, and its consumers take back what has ended', { timeout: 60_000 }, async ({
  world,
}) => {
  const { stand, ask, sessionOf } = await withCache(world);
  const endpoint = await startNeonEndpoint({ port: await getPort() });
  world.onClose(() => endpoint.close());
  const edge = await startEdge({
    port: await getPort(),
    databaseUrl: appUrl(world.name),
    neonEndpoint: endpoint.url,
    vars: { REDIS_REST_URL: stand.url, REDIS_REST_TOKEN: stand.token },
    onLog: (text) => void world.logged.push({ text }),
  });
  world.onClose(() => edge.close());
  const { owner, member, residence_id } = await world.home();
  const send = (method: string, path: string, { token }: Person) =>
    fetch(new URL(path, edge.url), { method, headers: { authorization: `Token ${token}` } });

  const answers = await Promise.all(Array.from({ length: 10 }, () => send('GET', '/api/residences/', member)));
  expect(answers.map(({ status, headers }) => [status, keptIn(headers)])).toEqual(Array(10).fill([200, undefined]));
  const copies = () => ask<string[]>('HKEYS', `copy:${member.user_id}`);
  const patience = { timeout: 20_000, interval: 20 };
  await vi.waitUntil(async () => (await copies()).length > 0, patience);
  expect(await copies()).toEqual(['c:/api/residences ']);
  expect(await ask('GET', sessionOf(member))).toMatch(new RegExp(`Z${member.user_id}$`));

  const path = `/api/residences/${residence_id}/users/${member.user_id}/`;
  expect((await send('DELETE', path, owner)).status).toBe(204);
  await vi.waitUntil(async () => (await copies())[0] === 'since', patience);
  const ready = await (await send('GET', '/api/health/ready/', owner)).json();
  expect(ready).toMatchObject({ status: 'ok', parts: { cache: { state: 'ok', latency_ms: expect.any(Number) } } });
});
