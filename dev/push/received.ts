import type { PushPlatform } from '../../domain/push.ts';

/** A push as the other side has it. */
export type Received = {
  platform: PushPlatform;
  at: string;
  token: string;
  title: string;
  body: string;
  category: string | undefined;
  /** What the buttons do, where a push says so itself. */
  actions?: string | undefined;
  badge: number | undefined;
  thread_id: string | undefined;
  data: Record<string, string>;
  /** A later push takes the place of an earlier one that has the same. */
  place: string;
  /** How long it is kept for a device that is off. */
  life_s: number;
  payload_bytes: number;
};

/** How many are kept for whoever wants to see them. */
const MOST_KEPT = 1000;

export function keep(received: Received[], message: Received): void {
  received.push(message);
  if (received.length > MOST_KEPT) received.shift();
}
