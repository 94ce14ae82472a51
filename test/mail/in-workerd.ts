import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import * as z from 'zod';
import type { sesMail } from '../../adapters/mail.ts';
import { type Mail, MailError, type SendMail } from '../../domain/mail.ts';

const SCRIPT = `
  import { sesMail } from '../../adapters/mail.ts';
  import { MailError } from '../../domain/mail.ts';
  export default {
    async fetch(request) {
      const { options, mail } = await request.json();
      try {
        return Response.json({ sent: await sesMail(options)(mail) });
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        return Response.json({ refused: { kind: error.kind, message: error.message, ...error } });
      }
    },
  };`;

const Outcome = z.union([
  z.object({ sent: z.object({ message_id: z.string() }) }),
  z.object({
    refused: z.object({
      kind: z.enum(['temporary', 'permanent', 'uncertain']),
      message: z.string(),
      retry_after_s: z.number().nullable(),
    }),
  }),
]);

type Options = Omit<Parameters<typeof sesMail>[0], 'fetch'>;

/** The adapter as workerd runs it; here stays only what carries a mail in and an outcome out. */
export async function startWorkerd() {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: 'mail',
      modules: [{ type: 'ESModule', path: 'mail.js', contents: outputFiles[0]?.text ?? '' }],
      compatibilityDate: '2026-11-01',
      cf: false,
    }),
  );
  const { href } = await miniflare.ready;

  const sesMailThere =
    (options: Options): SendMail =>
    async (mail: Mail) => {
      const response = await fetch(href, { method: 'POST', body: JSON.stringify({ options, mail }) });
      const outcome = Outcome.parse(await response.json());
      if ('sent' in outcome) return outcome.sent;
      const { kind, message, retry_after_s } = outcome.refused;
      throw new MailError(kind, message, { retry_after_s });
    };
  return { sesMail: sesMailThere, stop: () => miniflare.dispose() };
}
