import { Hono } from 'hono';
import { Health, Readiness } from '../../domain/health.ts';
import { checkReadiness } from '../../usecases/check-readiness.ts';
import { endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const health = new Hono<AppEnv>({ strict: false });

health.get('/', endpoint('Say that the process answers', { 200: Health }), (c) => {
  c.header('cache-control', 'no-store');
  return c.json({ status: 'ok' } satisfies Health);
});

health.get(
  '/ready',
  endpoint('Say whether each part is fit to serve', { 200: Readiness, 503: Readiness }),
  async (c) => {
    c.header('cache-control', 'no-store');
    const readiness = await checkReadiness(c.var.asking);
    return c.json(readiness, readiness.status === 'down' ? 503 : 200);
  },
);
