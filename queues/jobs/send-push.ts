import { type Delivery, noteDeliveries } from '../../db/deliveries.ts';
import { deleteGone } from '../../db/devices.ts';
import { type AddressedPush, addressPushes, findPushes, revokePushes } from '../../db/pushes.ts';
import type { Event } from '../../domain/event.ts';
import { PushError } from '../../domain/push.ts';
import type { Done, Job } from '../job.ts';
import { pushOf } from './push-of.ts';
import { isTooLate, putOffWhileQuiet } from './put-off.ts';

/** Later than that a reminder of the day says nothing true any more. */
const MAX_ATTEMPTS = 12;

/** Leaves an event for each device of whoever is reminded. */
export const addressPush: Job<Extract<Event, { type: 'push.claimed' }>> = {
  effects: (db, done) => [
    addressPushes(
      db,
      done.map(({ event_id }) => event_id),
    ),
  ],
};

type Addressed = Extract<Event, { type: 'push.addressed' }>;
type Outcome = Pick<Delivery, 'result' | 'message_id' | 'error'> & { gone_since: string | null };

/** Sends to one device, once: neither carrier can tell a second copy from a second push. */
export const sendPush: Job<Addressed, AddressedPush, Outcome | null> = {
  policy: { max_attempts: MAX_ATTEMPTS, may_repeat_uncertain: false },
  read: findPushes,
  async act({ push, now, log }, found, { event_id }) {
    if (isTooLate(found.reminder, now())) return null;
    putOffWhileQuiet(found.reminder, now());
    try {
      const { message_id } = await push({ ...pushOf(found, now()), message_key: `event-${event_id}` });
      return { result: 'sent', message_id, error: null, gone_since: null };
    } catch (error) {
      const refused = refusedBy(error);
      log('push.refused', { event_id, result: refused.result, error: refused.error });
      return refused;
    }
  },
  effects(db, done) {
    const deliveries = done.flatMap(toDelivery);
    const revoked = done.flatMap(({ outcome, is_uncertain, event }) => (outcome || is_uncertain ? [] : [event]));
    const gone = done.flatMap(({ outcome, event: { device_id } }) =>
      outcome?.result === 'gone' ? [{ device_id, gone_since: outcome.gone_since }] : [],
    );
    return [
      ...(deliveries.length > 0 ? [noteDeliveries(db, deliveries)] : []),
      ...(revoked.length > 0 ? [revokePushes(db, revoked)] : []),
      ...(gone.length > 0 ? [deleteGone(db, gone)] : []),
    ];
  },
};

/** What is never taken ends its event, and is no dead letter: sent again it would be refused again. */
function refusedBy(error: unknown): Outcome {
  if (!(error instanceof PushError)) throw error;
  const { kind, message, gone_since } = error;
  if (kind === 'gone') return { result: 'gone', message_id: null, error: message, gone_since };
  if (kind === 'permanent') return { result: 'refused', message_id: null, error: message, gone_since: null };
  throw error;
}

function toDelivery({
  event,
  found,
  outcome,
  is_uncertain,
}: Done<Addressed, AddressedPush, Outcome | null>): Delivery[] {
  const about = {
    event_id: event.claim_id,
    channel: 'push' as const,
    device_id: event.device_id,
    user_id: found?.reminder.user_id ?? null,
  };
  if (is_uncertain) return [{ ...about, result: 'uncertain', message_id: null, error: null }];
  if (!outcome) return [];
  const { result, message_id, error } = outcome;
  return [{ ...about, result, message_id, error }];
}
