import { afterAll, expect, test } from 'vitest';
import { exchange } from '../../adapters/exchange.ts';
import { type Answer, startServer } from './local-server.ts';

const answers: Record<string, Answer> = {
  '/short': { text: 'né' },
  '/long': { text: 'x'.repeat(1001) },
  '/moved': { status: 302, headers: { location: '/short' }, text: '' },
  '/mute': { hang: 'at once' },
  '/stalled': { hang: 'in the body' },
};
const server = await startServer(({ path }) => answers[path] ?? { status: 404 });
afterAll(server.close);

const ask = (path: string, deadline_ms = 5000) => exchange(server.url + path, {}, { deadline_ms, max_bytes: 1000 });

test('answers with status and text', async () => {
  expect(await ask('/short')).toMatchObject({ status: 200, text: 'né' });
});

test('follows nobody elsewhere', async () => {
  expect(await ask('/moved')).toMatchObject({ status: 302, text: '' });
  expect(server.asked.at(-1)?.path).toBe('/moved');
});

test('reads no more than it was told to', async () => {
  await expect(ask('/long')).rejects.toThrow('longer than 1000 bytes');
});

test.each(['/mute', '/stalled'])('%s is given up at the deadline', async (path) => {
  await expect(ask(path, 100)).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
});
