import { Hono } from 'hono';
import { readSettings } from '../../../db/admin/settings.ts';
import { AdminSettings, SettingsChange } from '../../../domain/admin/settings.ts';
import { editSettings } from '../../../usecases/admin/settings.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { body, endpoint } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

export const settings = new Hono<AppEnv>({ strict: false });

settings.get('/settings', endpoint('Read the switches, and what tiers allow', { 200: AdminSettings }), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, readSettings)),
);

settings.patch(
  '/settings',
  endpoint('Turn the switches, or change what tiers allow', { 200: AdminSettings }, [403, 413]),
  body(SettingsChange),
  async (c) => sendWritten(c, await editSettings(c.var.admin, c.req.valid('json'))),
);
