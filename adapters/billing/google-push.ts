import * as z from 'zod';
import type { BillingEvent } from '../../domain/billing.ts';
import { type Issuer, KeysUnavailable, TokenRefused, verifyIdToken } from '../id-token.ts';
import { jsonText } from '../json-text.ts';
import { storeUnavailable } from './ask-store.ts';
import { DeveloperNotification, toEvent } from './google-notification.ts';
import { Refused } from './refused.ts';

/** How Pub/Sub says who it is: a Google token for our address, made for the service account of the subscription. */
export type PushSender = Issuer & { email: string };

const Message = z.object({ message: z.object({ data: z.base64(), messageId: z.string().min(1).max(64) }) });
const Body = jsonText.pipe(Message);
const Sender = z.object({ email: z.string(), email_verified: z.literal(true) });

export async function verifyPush(
  { sender, package_name }: { sender: PushSender; package_name: string },
  authorization: string | undefined,
  body: Uint8Array,
  now: string,
): Promise<BillingEvent> {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (!token) throw new Refused('There is no bearer token.');
  const claims = Sender.safeParse(await verifyIdToken(token, sender, ['RS256'], now).catch(onDoubt));
  if (claims.data?.email !== sender.email) throw new Refused('The token is of another account.');

  const { data: sent } = Body.safeParse(new TextDecoder().decode(body));
  const text = sent && new TextDecoder().decode(Uint8Array.from(atob(sent.message.data), (char) => char.charCodeAt(0)));
  const { data: notification } = jsonText.pipe(DeveloperNotification).safeParse(text);
  if (!sent || !notification) throw new Refused('It is no developer notification.');
  if (notification.packageName !== package_name) throw new Refused('It is of another app.');
  return toEvent(sent.message.messageId, notification);
}

function onDoubt(error: unknown): never {
  if (error instanceof TokenRefused) throw new Refused(error.message, { cause: error });
  if (error instanceof KeysUnavailable) throw storeUnavailable(error);
  throw error;
}
