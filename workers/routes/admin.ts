import { Hono } from 'hono';
import { adminLine, fromTheDashboard } from '../http/admin-line.ts';
import type { AppEnv } from '../http/env.ts';
import { contact } from './admin/contact.ts';
import { adminDoor } from './admin/door.ts';
import { homes } from './admin/homes.ts';
import { lookUps } from './admin/look-ups.ts';
import { anyMedia } from './admin/media.ts';
import { running } from './admin/running.ts';
import { ownSession } from './admin/session.ts';
import { settings } from './admin/settings.ts';
import { templates } from './admin/templates.ts';
import { users } from './admin/users.ts';

/** What the dashboard uses, and nothing else does. */
export const admin = new Hono<AppEnv>({ strict: false });
export const adminsLine = adminLine();

admin.use(fromTheDashboard());
admin.route('/', adminDoor);

// Below this line only those who run honeyDue.
admin.use(adminsLine);
admin.route('/', ownSession);
admin.route('/', users);
admin.route('/', homes);
admin.route('/', contact);
admin.route('/', templates);
admin.route('/', lookUps);
admin.route('/', settings);
admin.route('/', running);
admin.route('/', anyMedia);
