import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_readConfig } from 'wrangler';
import * as z from 'zod';
import type { FcmOptions, fcmPush } from '../../adapters/fcm.ts';
import { PushError } from '../../domain/push.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SCRIPT = `
  import { fcmPush } from './adapters/fcm.ts';
  import { PushError } from './domain/push.ts';
  export default {
    async fetch(request) {
      const { options, push } = await request.json();
      try {
        return Response.json({ sent: await fcmPush({ ...options, now: () => new Date().toISOString() })(push) });
      } catch (error) {
        if (!(error instanceof PushError)) throw error;
        return Response.json({ refused: { kind: error.kind, message: error.message, ...error } });
      }
    },
  };`;

const Outcome = z.union([
  z.object({ sent: z.object({ message_id: z.string() }) }),
  z.object({
    refused: z.object({
      kind: z.enum(['temporary', 'permanent', 'uncertain', 'gone']),
      message: z.string(),
      retry_after_s: z.number().nullable(),
      gone_since: z.string().nullable(),
    }),
  }),
]);

/** The adapter as workerd runs it; here stays only what carries a push in and an outcome out. */
export async function startWorkerd() {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
  });
  const { compatibility_date = '', compatibility_flags } = unstable_readConfig({ config: `${ROOT}/wrangler.toml` });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'push.js', contents: outputFiles[0]?.text ?? '' }],
      compatibilityDate: compatibility_date,
      compatibilityFlags: compatibility_flags,
      cf: false,
    }),
  );
  const { href } = await miniflare.ready;

  const fcmPushThere: typeof fcmPush =
    ({ now: _, ...options }: FcmOptions) =>
    async (push) => {
      const response = await fetch(href, { method: 'POST', body: JSON.stringify({ options, push }) });
      const outcome = Outcome.parse(await response.json());
      if ('sent' in outcome) return outcome.sent;
      const { kind, message, ...more } = outcome.refused;
      throw new PushError(kind, message, more);
    };
  return { fcmPush: fcmPushThere, stop: () => miniflare.dispose() };
}
