import { addContactMessage, addSite, type ContactHandedIn, SITE } from '../../db/contact.ts';
import { admit, enterAnonymously } from '../../db/guard.ts';
import { type ContactReceived, type IsHuman, type NewContactMessage, networkOf } from '../../domain/contact.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';
import type { Asking } from '../ports.ts';
import { span } from '../span.ts';
import { trip } from '../trip.ts';

/** From one network, by the site's own page. */
const PER_NETWORK = { name: 'contact', quota: 5, window_s: 3600 };

/** Who hands a message in: a website by its key, or our own page, whose visitors are counted. */
export type Sender = { key: string } | 'page' | null;

/** Keeps a message of the public and its event. Whoever reads it is told by a job, however long mails do not go. */
export async function receiveContact(
  ctx: Asking,
  sender: Sender,
  message: NewContactMessage,
  isHuman: IsHuman | undefined,
): Promise<ContactReceived> {
  const { db, address, app_version } = ctx;
  if (sender === null) throw noKey();
  const isPage = sender === 'page';
  const { turnstile_token = '' } = message;
  if (
    isHuman &&
    (isPage || turnstile_token !== '') &&
    !(await span(ctx, 'turnstile', () => isHuman(turnstile_token, address)))
  ) {
    throw invalid('turnstile_token', 'Show that you are no robot, and send it again.');
  }
  const network = isPage ? { ...PER_NETWORK, subject: `contact:network:${sha256(networkOf(address))}` } : null;
  const digest = isPage ? SITE : sha256(sender.key);
  const [, , , handed] = await trip(ctx, [
    admit(db, app_version, true),
    enterAnonymously(db, ctx),
    addSite(db, isPage),
    addContactMessage(db, digest, message, network, ctx),
  ]);
  const found = handed.rows[0]?.found;
  if (!found?.key) throw noKey();
  const { id, bell } = found;
  if (id === null || !bell) throw tooMany(found);
  ctx.defer(ctx.ring([bell]));
  return { id, status: 'success', message: 'Thank you. We have your message and will answer by e-mail.' };
}

const noKey = () => new AppError('unauthenticated', 'Send the X-API-Key that you were given.');

function tooMany({ key, network }: ContactHandedIn): AppError {
  const isNetwork = network !== null && network.count > PER_NETWORK.quota;
  const [quota, counted] = isNetwork ? [PER_NETWORK.quota, network] : [key?.per_hour ?? 0, key];
  const reset_s = Math.max(1, counted?.reset_s ?? PER_NETWORK.window_s);
  const limit = { ...PER_NETWORK, quota, remaining: 0, reset_s };
  return new AppError('rate_limited', 'Too many messages. Send it again later.', { retry_after_s: reset_s, limit });
}
