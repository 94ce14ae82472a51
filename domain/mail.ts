/** One e-mail to one person, whoever carries it. */
export type Mail = Letter & {
  /** A bare address. */
  to: string;
  /** Whom an answer goes to, if not whoever reads ours; a bare address. */
  reply_to?: string;
  /** The same for every try of one mail, in visible ASCII. Travels in a header, so that a second copy can be told. */
  message_key: string;
  /** Where one click ends mails of this kind (RFC 8058). */
  list_unsubscribe?: string;
};

/** What a mail says. */
export type Letter = { subject: string; text: string; html: string };

/** Hands a mail over, in one try. Rejects with a `MailError`; anything else is a bug. */
export type SendMail = (mail: Mail, traceparent?: string) => Promise<{ message_id: string }>;

/**
 * `temporary`: it did not go and may go later. `permanent`: this mail will never be taken. `uncertain`: it was handed
 * over and no answer came, so a second try may be a second mail.
 */
export type MailErrorKind = 'temporary' | 'permanent' | 'uncertain';

/** Jobs switch on its kind. No request is ever answered with it, which is why it has no `ErrorCode`. */
export class MailError extends Error {
  readonly kind: MailErrorKind;
  /** How long the carrier wants to be left alone. */
  readonly retry_after_s: number | null;
  /** There is nobody at the address, and never will be: whatever is sent there is refused. */
  readonly is_of_address: boolean;
  constructor(kind: MailErrorKind, message: string, more: MailErrorDetails = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'MailError';
    this.kind = kind;
    this.retry_after_s = more.retry_after_s ?? null;
    this.is_of_address = more.is_of_address ?? false;
  }
}

type MailErrorDetails = { retry_after_s?: number | null; is_of_address?: boolean; cause?: unknown };

/** A line break in a subject would begin another header; an invisible sign makes one text look like another. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
