import type { Context } from 'hono';
import type { Channel, NotificationType } from '../../domain/preferences.ts';
import type { Switch } from '../../domain/unsubscribe.ts';
import type { AppEnv } from './env.ts';

const ABOUT: Record<NotificationType, string> = {
  task_due_soon: 'tasks that are due soon',
  task_overdue: 'tasks that are overdue',
  task_completed: 'tasks that others have completed',
  task_assigned: 'tasks that are given to you',
  residence_shared: 'who joins a home',
  warranty_expiring: 'warranties that are about to end',
  daily_digest: 'what a day brings',
};
const BY: Record<Channel, string> = { push: 'No push', email: 'No mail', in_app: 'Nothing in the app' };

/** A page for a person, JSON for whatever else follows the link. Nobody may keep either: the address is a key. */
export function sendUnsubscribed(c: Context<AppEnv>, { type, channel }: Switch): Response {
  c.header('cache-control', 'no-store');
  c.header('vary', 'Accept', { append: true });
  if (!c.req.header('accept')?.includes('text/html')) return c.json({ type, channel, is_on: false });
  return c.html(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>honeyDue</title>
<h1>Done</h1>
<p>${BY[channel]} about ${ABOUT[type]} will come any more. You can change that in the app, under notifications.</p>
</html>
`);
}
