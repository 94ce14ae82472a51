import type { OutgoingHttpHeaders } from 'node:http2';
import { fitted, lifeOf, type Push } from '../../domain/push.ts';
import { sha256 } from '../../domain/session.ts';

const AT_ONCE = 10;

/** A push as Apple reads it. Its id is the same for every try. */
export function toNotification(push: Push, topic: string, now: string) {
  const { token, collapse_key, message_key } = push;
  const apns_id = uuidOf(`${token} ${message_key}`);
  const headers: OutgoingHttpHeaders = {
    ':path': `/3/device/${encodeURIComponent(token)}`,
    'content-type': 'application/json',
    'apns-topic': topic,
    'apns-push-type': 'alert',
    'apns-priority': AT_ONCE,
    'apns-expiration': Math.floor(Date.parse(now) / 1000) + lifeOf(push, now),
    'apns-id': apns_id,
    // Hashed: Apple takes 64 bytes of it.
    'apns-collapse-id': collapse_key === undefined ? apns_id : uuidOf(collapse_key),
  };
  return { apns_id, headers, body: JSON.stringify(toPayload(fitted(push, toPayload))) };
}

function toPayload({ title, body, category, data, badge, thread_id }: Push) {
  const aps = {
    alert: { title, body },
    sound: 'default',
    ...(category && { category }),
    ...(badge !== undefined && { badge }),
    ...(thread_id && { 'thread-id': thread_id }),
  };
  return { ...data, aps };
}

/** A UUID that follows from a name (RFC 9562, version 8). */
function uuidOf(name: string): string {
  const hex = sha256(name);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
