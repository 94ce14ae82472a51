import { Hono } from 'hono';
import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import { bodyLimit, STREAMED_PATHS } from './http/body-limit.ts';
import { endpoint } from './http/contract.ts';
import type { AppEnv } from './http/env.ts';
import { knownRoutes } from './http/known-routes.ts';
import { KEPT_READS, lastGood } from './http/last-good.ts';
import { observe } from './http/observe.ts';
import { type Door, type Operation, operations } from './http/operations.ts';
import { otherOrigins } from './http/other-origins.ts';
import { pages } from './http/pages.ts';
import { onError } from './http/problem.ts';
import { rateLimit } from './http/rate-limit.ts';
import { securityHeaders } from './http/security.ts';
import { shedLoad } from './http/shed-load.ts';
import { signInLine } from './http/sign-in.ts';
import { accounts } from './routes/accounts.ts';
import { admin, adminsLine } from './routes/admin.ts';
import { board } from './routes/board.ts';
import { calendar, calendarFeeds } from './routes/calendar.ts';
import { changes } from './routes/changes.ts';
import { contact } from './routes/contact.ts';
import { contractors } from './routes/contractors.ts';
import { documentFiles } from './routes/document-files.ts';
import { documents } from './routes/documents.ts';
import { doors } from './routes/doors.ts';
import { health } from './routes/health.ts';
import { downloads, exports, jobs, reports } from './routes/jobs.ts';
import { mailWebhooks } from './routes/mail.ts';
import { media } from './routes/media.ts';
import { members } from './routes/members.ts';
import { notifications, unsubscribing } from './routes/notifications.ts';
import { residences } from './routes/residences.ts';
import { search } from './routes/search.ts';
import { sessions } from './routes/sessions.ts';
import { sharing } from './routes/sharing.ts';
import { staticData } from './routes/static-data.ts';
import { subscription, webhooks } from './routes/subscription.ts';
import { taskCompletions } from './routes/task-completions.ts';
import { taskHistory } from './routes/task-history.ts';
import { tasks } from './routes/tasks.ts';
import { templates } from './routes/templates.ts';
import { uploads } from './routes/uploads.ts';

/** The API, the same on workerd and on Node. Its middleware stands in the order of the request pipeline. */
export const app = new Hono<AppEnv>({ strict: false });
const signIn = signInLine();
const lines = new Map<unknown, Door>([
  [adminsLine, 'admins'],
  [signIn, 'members'],
]);

app.onError(onError);
app.use(observe(), securityHeaders());
app.use(otherOrigins());
app.use(shedLoad());
app.on('GET', ['/api/docs', '/api/docs/*'], pages);
app.use('/api/*', rateLimit(), knownRoutes(documented), bodyLimit(STREAMED_PATHS));

app.get('/api/openapi.json', endpoint('This document', { 200: z.looseObject({ openapi: z.string() }) }), pages);
app.route('/api/health', health);
app.route('/api', staticData);
app.route('/api/auth', doors);
app.route('/api/subscription/webhook', webhooks);
app.route('/api/mail/webhook', mailWebhooks);
app.route('/api/calendar', calendar);
app.route('/api/unsubscribe', unsubscribing);
app.route('/api/downloads', downloads);
app.route('/api/contact', contact);
app.use('/contact', rateLimit(), bodyLimit([]));
app.route('/contact', contact);
app.get('/contact', (c) => c.redirect('/#contact'));

// With a line of its own.
app.route('/api/admin', admin);

// Above this line anyone may ask; below it, members only.
app.use('/api/*', signIn);
app.on('GET', KEPT_READS, lastGood());
app.route('/api/auth', accounts);
app.route('/api/auth/sessions', sessions);
app.route('/api/auth', exports);
app.route('/api/residences', residences);
app.route('/api/residences', sharing);
app.route('/api/residences', members);
app.route('/api/residences', reports);
app.route('/api/jobs', jobs);
app.route('/api/tasks', board);
app.route('/api/tasks', tasks);
app.route('/api/tasks', taskHistory);
app.route('/api/tasks', templates);
app.route('/api/task-completions', taskCompletions);
app.route('/api/contractors', contractors);
// Before the documents, whose ids would take its path.
app.route('/api', search);
app.route('/api/documents', documents);
app.route('/api/documents', documentFiles);
app.route('/api/uploads', uploads);
app.route('/api/media', media);
app.route('/api/notifications', notifications);
app.route('/api/changes', changes);
app.route('/api/calendar/feeds', calendarFeeds);
app.route('/api/subscription', subscription);

app.get('*', pages);
app.notFound(() => {
  throw new AppError('not_found', 'There is nothing here.');
});

/** What the API offers, as its routes say: for the OpenAPI document, and for every test that walks them all. */
export function documented(): Operation[] {
  return operations(app, lines);
}
