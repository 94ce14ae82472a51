import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import * as z from 'zod';

/** What somebody was told, and how. */
export type Told = { by: 'slack' | 'mail'; alert: string; is_resolved: boolean; at: number };

const Message = z.object({ attachments: z.array(z.object({ title: z.string(), text: z.string() })).length(1) });

/** Stands where Slack's webhook and SES's SMTP do, and remembers what comes. */
export async function startInbox() {
  const told: Told[] = [];
  const noted = (by: Told['by'], title: string, body: string) => {
    // Without its summary and its entry in the runbook nobody knows what to do.
    if (!body.includes('docs/runbook.md#')) throw new Error(`${title} leads nowhere: ${body}`);
    told.push({ by, alert: title.split(' ').at(-1) ?? '', is_resolved: /resolved/i.test(title), at: Date.now() });
  };
  const slack = createServer(async (request, response) => {
    const { attachments } = Message.parse(JSON.parse(await text(request)));
    for (const { title, text: body } of attachments) noted('slack', title, body);
    response.end('ok');
  });
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  const mail = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) =>
      password === SMTP_PASSWORD ? done(null, { user: 'alerts' }) : done(new Error('Who?')),
    onData(stream, _session, done) {
      text(stream).then((source) => {
        const subject = /^Subject: (.*)$/m.exec(source)?.[1]?.trim() ?? '';
        noted('mail', subject, source.replaceAll('=\r\n', ''));
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  return {
    told,
    webhook: `http://127.0.0.1:${portOf(slack)}/services/drill`,
    smtp: `localhost:${portOf(mail.server)}`,
    async stop() {
      slack.closeAllConnections();
      await new Promise((resolve) => slack.close(resolve));
      await new Promise<void>((resolve) => mail.close(() => resolve()));
    },
  };
}

export const SMTP_PASSWORD = 'a password for a drill';
