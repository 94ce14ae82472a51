import type { OutgoingHttpHeaders } from 'node:http2';
import { type Answer, exchange } from './exchange.ts';
import { isAlive, type Line, openLine } from './line.ts';

/** One line to a host for all requests: opened when it is needed, kept, and opened anew once it is lost or told to go. */
export function keepSession(url: string, deadline_ms: number) {
  let kept: Promise<Line> | undefined;

  /** Its failure is told to all who wait for it, and not kept. */
  function reopen(): Promise<Line> {
    const opened = openLine(url, deadline_ms);
    kept = opened;
    opened.catch(() => {
      if (kept === opened) kept = undefined;
    });
    return opened;
  }

  async function current(): Promise<Line> {
    const known = kept ?? reopen();
    const line = await known;
    if (await isAlive(line)) return line;
    return await (kept && kept !== known ? kept : reopen());
  }

  return {
    post: async (headers: OutgoingHttpHeaders, body: string): Promise<Answer> =>
      await exchange(await current(), { ...headers, ':method': 'POST' }, body, deadline_ms),
    /** What is under way is answered first. */
    async close(): Promise<void> {
      const line = await kept?.catch(() => undefined);
      kept = undefined;
      if (line && !line.session.destroyed) await new Promise<void>((resolve) => line.session.close(resolve));
    },
  };
}
