import * as z from 'zod';
import type { IsHuman } from '../domain/contact.ts';
import type { Log } from '../usecases/ports.ts';
import { exchange } from './exchange.ts';
import { jsonText } from './json-text.ts';

type Options = { secret: string; url: string; log: Log };

const LIMITS = { deadline_ms: 3000, max_bytes: 10_000 };
const Answer = jsonText.pipe(z.object({ success: z.boolean() }));

/**
 * Cloudflare Turnstile by its siteverify. While nobody answers there everybody is believed: a message is worth more than
 * what a robot costs, and how many come from one network is counted all the same.
 */
const turnstile =
  ({ secret, url, log }: Options): IsHuman =>
  async (token, address) => {
    if (token === '') return false;
    const body = new URLSearchParams({ secret, response: token, remoteip: address });
    try {
      const { status, text } = await exchange(url, { method: 'POST', body }, LIMITS);
      if (status >= 500) throw new Error(`Turnstile answered ${status}.`);
      return Answer.parse(text).success;
    } catch (error) {
      log('turnstile.unheard', { error: String(error) });
      return true;
    }
  };

const Environment = z.object({
  TURNSTILE_SECRET: z.string().default(''),
  TURNSTILE_URL: z.url().default('https://challenges.cloudflare.com/turnstile/v0/siteverify'),
});

/** Absent without a secret: then nobody is asked. */
export function humansFrom(env: Record<string, unknown>, log: Log): { isHuman?: IsHuman } {
  const { TURNSTILE_SECRET, TURNSTILE_URL } = Environment.parse(env);
  return TURNSTILE_SECRET === '' ? {} : { isHuman: turnstile({ secret: TURNSTILE_SECRET, url: TURNSTILE_URL, log }) };
}
