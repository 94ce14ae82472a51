import * as z from 'zod';
import { sha256 } from './session.ts';

const told = {
  provider: z.literal('ses'),
  /** Unique within the provider; a repeated delivery has the same. */
  event_id: z.string(),
  /** In the provider's own words. */
  type: z.string(),
};

/** What a carrier tells of mails that it took, after its signature was verified. No address is kept, only digests. */
export const MailReport = z.discriminatedUnion('kind', [
  z.object({
    ...told,
    kind: z.literal('refusal'),
    reason: z.enum(['bounce', 'complaint']),
    address_digests: z.array(z.string()),
  }),
  /** The carrier asks whether we want its reports at all. */
  z.object({ ...told, kind: z.literal('subscription'), topic: z.string(), token: z.string() }),
]);
export type MailReport = z.infer<typeof MailReport>;

export type MailReports = {
  /** Null if it asks nothing of us. Throws `invalid_signature`, and `mail_unavailable` if nobody can say whether it is. */
  verify(body: Uint8Array<ArrayBuffer>, now: string): Promise<MailReport | null>;
  /** Says that we do want them. */
  confirm(subscription: { topic: string; token: string }): Promise<void>;
};

/** By which an address is known without being kept. */
export const digestOf = (address: string): string => sha256(address.toLowerCase());
