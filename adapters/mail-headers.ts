import { type Mail, oneLine } from '../domain/mail.ts';

/** What a mail says to machines, whoever carries it. */
export function headersOf({ message_key, list_unsubscribe }: Mail): Record<string, string> {
  const headers = {
    'X-Entity-Ref-ID': message_key,
    'Auto-Submitted': 'auto-generated', // so that nobody's holiday notice answers
  };
  if (!list_unsubscribe) return headers;
  return {
    ...headers,
    'List-Unsubscribe': `<${new URL(list_unsubscribe).href}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** What a carrier answered, to be logged: carriers name the addresses that they refuse. */
export const withoutAddresses = (answer: string): string =>
  oneLine(answer)
    .replace(/\S*@\S*/g, '…')
    .slice(0, 200);
