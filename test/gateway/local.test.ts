import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from '@upstash/redis';
import getPort from 'get-port';
import { expect, onTestFinished, test } from 'vitest';
import { GATEWAY_TOKEN, startGateway } from '../../dev/gateway.ts';

test('a machine without Redis has a gateway all the same', async () => {
  const gateway = await startGateway(await getPort(), join(tmpdir(), 'gateway-without-redis.log'), undefined);
  onTestFinished(gateway.stop);
  const client = new Client({ url: gateway.address, token: GATEWAY_TOKEN });
  expect(
    await client.pipeline().set('k', { a: 'ü' }).get('k').incr('n').hset('h', { f: 1 }).hgetall('h').exec(),
  ).toEqual([...['OK', { a: 'ü' }, 1, 1], { f: 1 }]);
  await expect(client.geoadd('g', { longitude: 1, latitude: 2, member: 'x' })).rejects.toThrow(/Unsupported command/);
  expect(await (await fetch(`${gateway.address}/health`)).json()).toMatchObject({ status: 'ok' });
});
