import * as z from 'zod';
import { hmac, isSameMac } from './hmac.ts';
import { Channel, NotificationType } from './preferences.ts';

/** What one click switches off: notifications of one type on one channel. */
export const Switch = z.object({
  user_id: z.coerce.number().int().positive(),
  type: NotificationType,
  channel: Channel,
});
export type Switch = z.infer<typeof Switch>;

export const Unsubscribed = z
  .object({ type: NotificationType, channel: Channel, is_on: z.literal(false) })
  .meta({ id: 'Unsubscribed' });

/** What a link carries. Nothing in it is secret; that we gave it out is what the signature says. */
export async function switchToken(of: Switch, signing_key: string): Promise<string> {
  return `${textOf(of)}.${await hmac(signing_key, `unsubscribe|${textOf(of)}`)}`;
}

/** The switch that a token names, if one of the keys signed it. */
export async function readSwitch(token: string, signing_keys: string[]): Promise<Switch | null> {
  const [user_id, type, channel] = token.split('.');
  const { data } = Switch.safeParse({ user_id, type, channel });
  if (!data) return null;
  const right = await Promise.all(signing_keys.map((key) => switchToken(data, key)));
  return right.some((made) => isSameMac(made, token)) ? data : null;
}

const textOf = ({ user_id, type, channel }: Switch): string => `${user_id}.${type}.${channel}`;
