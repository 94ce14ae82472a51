import * as z from 'zod';
import { notSetUp } from '../adapters/push-carriers.ts';
import type { Log } from '../usecases/ports.ts';
import { type Apns, apnsPush } from './apns.ts';

const PUSH_DEADLINE_MS = 10_000;

const url = (usual: string) => z.preprocess((value) => value || undefined, z.url().default(usual));

const Apple = z.object({
  /** The app's bundle id. */
  APNS_TOPIC: z.string().min(1),
  APNS_TEAM_ID: z.string().min(1),
  APNS_KEY_ID: z.string().min(1),
  /** The .p8 file. Where a secret must be one line, its line breaks are written `\n`. */
  APNS_PRIVATE_KEY: z.string().transform((text) => text.replaceAll('\\n', '\n')),
  APNS_URL: url('https://api.push.apple.com'),
  APNS_SANDBOX_URL: url('https://api.sandbox.push.apple.com'),
});

/** Apple's service, if the environment tells of it; if it tells of it by halves, that is an error. */
export function applePushFrom(env: Record<string, unknown>, log: Log, now: () => string): Apns {
  if (!env.APNS_TOPIC) return { send: notSetUp('ios', 'APNS_TOPIC', log), close: async () => {} };
  const apple = Apple.parse(env);
  return apnsPush({
    topic: apple.APNS_TOPIC,
    team_id: apple.APNS_TEAM_ID,
    key_id: apple.APNS_KEY_ID,
    private_key: apple.APNS_PRIVATE_KEY,
    urls: { production: apple.APNS_URL, sandbox: apple.APNS_SANDBOX_URL },
    deadline_ms: PUSH_DEADLINE_MS,
    now,
  });
}
