import type { Statement } from '../../db/client.ts';
import { noteOnEvent } from '../../db/outbox.ts';
import type { Recipient } from '../../db/recipients.ts';
import { type Letter, MailError } from '../../domain/mail.ts';
import type { Worker } from '../../usecases/ports.ts';

/** The same for every try of an event's mail. */
export const keyOf = (event_id: number): string => `event-${event_id}`;

/** The rows of a look-up, of which the first is told. */
type Look<R> = PromiseLike<{ rows: { found: R }[] }>;

/**
 * Tells somebody what happened to their account, once: if nobody knows whether the mail went, the event says so and the
 * mail is not sent again. Whoever is not found any more is not told.
 */
export async function mailNotice<R extends Pick<Recipient, 'email'>>(
  { db, mail }: Worker,
  event_id: number,
  look: Look<R>,
  write: (recipient: R) => Letter,
): Promise<Statement[]> {
  const { rows } = await look;
  const recipient = rows[0]?.found;
  if (!recipient) return [];
  try {
    await mail({ ...write(recipient), to: recipient.email, message_key: keyOf(event_id) });
    return [];
  } catch (error) {
    if (!(error instanceof MailError && error.kind === 'uncertain')) throw error;
    return [noteOnEvent(db, event_id, 'uncertain')];
  }
}
