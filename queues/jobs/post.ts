import type { Db, Statement } from '../../db/client.ts';
import { noteDeliveries } from '../../db/deliveries.ts';
import type { Addressee } from '../../db/recipients.ts';
import { suppressAddresses } from '../../db/suppressions.ts';
import type { Event } from '../../domain/event.ts';
import { type Letter, type Mail, MailError, type SendMail } from '../../domain/mail.ts';
import type { Done } from '../job.ts';

/** What became of a mail, where that is known. */
export type Posted = { result: 'sent' | 'refused' | 'suppressed'; message_id: string | null; error: string | null };

type Content = Letter & Pick<Mail, 'list_unsubscribe'>;

/**
 * Sends a mail, once its address takes any: to one that mail bounced from nothing is sent. That a carrier refuses the
 * address itself is no failure of the event but its end, and the address is sent nothing more.
 */
export async function post(
  send: SendMail,
  event_id: number,
  { email, is_suppressed }: Addressee,
  write: () => Content | Promise<Content>,
): Promise<Posted> {
  if (is_suppressed) return { result: 'suppressed', message_id: null, error: null };
  try {
    const { message_id } = await send({ ...(await write()), to: email, message_key: `event-${event_id}` });
    return { result: 'sent', message_id, error: null };
  } catch (error) {
    if (error instanceof MailError && error.is_of_address)
      return { result: 'refused', message_id: null, error: error.message };
    throw error;
  }
}

/** Notes what became of mails, by the events that they were sent for. */
export function posted(db: Db, done: Done<Event, Addressee, Posted | null>[]): Statement[] {
  const sent = done.filter(({ found, outcome, is_uncertain }) => found && (outcome || is_uncertain));
  const refused = sent.flatMap(({ found, outcome }) => (found && outcome?.result === 'refused' ? [found.email] : []));
  const deliveries = sent.map(({ event_id, found, outcome }) => ({
    event_id,
    channel: 'email' as const,
    device_id: 0,
    user_id: found?.user_id ?? null,
    ...(outcome ?? { result: 'uncertain' as const, message_id: null, error: null }),
  }));
  return [
    ...(deliveries.length > 0 ? [noteDeliveries(db, deliveries)] : []),
    ...(refused.length > 0 ? [suppressAddresses(db, refused, 'refusal')] : []),
  ];
}
