import { Hono } from 'hono';
import { Received } from '../../domain/subscription.ts';
import { receiveReport } from '../../usecases/mail/receive-report.ts';
import { endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** Above the sign-in line: what a carrier reports proves itself by its signature. */
export const mailWebhooks = new Hono<AppEnv>({ strict: false });

mailWebhooks.post('/ses', endpoint('Take a report of Amazon SES', { 200: Received }, [400, 413]), async (c) => {
  const report = await c.env.mailReports.verify(c.var.body, c.env.now());
  return c.json(await receiveReport(c.var.asking, report));
});
