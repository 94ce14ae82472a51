import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

type Options = {
  port: number;
  /** Where spans are kept, a batch in a line. */
  file: string;
  /** The logs of the stack, by who prints them. */
  logs: Record<string, string>;
};

/** What stands for a trace store and for Loki on a developer's machine: takes OTLP, and answers for it and for the logs. */
export async function startObservatory({ port, file, logs }: Options): Promise<{ url: string; stop(): Promise<void> }> {
  const app = new Hono();
  app.get('/ready', (c) => c.text('ready'));
  app.post('/v1/traces', async (c) => {
    await appendFile(file, `${JSON.stringify(await c.req.json())}\n`);
    return c.json({});
  });
  app.get('/api/traces/:id', (c) => {
    const batches = linesOf(file, new RegExp(c.req.param('id'))).flatMap((line) => spansOf(line, c.req.param('id')));
    return batches.length > 0 ? c.json({ batches }) : c.text('trace not found', 404);
  });
  app.get('/loki/api/v1/query_range', (c) => {
    const [, wanted] = /\|~ ("(?:[^"\\]|\\.)*")$/.exec(c.req.query('query') ?? '') ?? [];
    if (!wanted) return c.text('parse error: this stands for Loki, and reads `{…} |~ "…"` alone', 400);
    const result = Object.entries(logs).map(([runtime, log]) => ({
      stream: { service_name: 'honeydue', runtime },
      values: linesOf(log, new RegExp(JSON.parse(wanted))).map((line) => [nanosecondsOf(line), line]),
    }));
    return c.json({ status: 'success', data: { resultType: 'streams', result } });
  });

  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, stop };
}

const linesOf = (file: string, wanted: RegExp): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{') && wanted.test(line))
    : [];

type Batch = { resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[] };

/** Of one trace alone. */
const spansOf = (line: string, trace_id: string) =>
  (JSON.parse(line) as Batch).resourceSpans.map(({ scopeSpans, ...resource }) => ({
    ...resource,
    scopeSpans: scopeSpans.map(({ spans, ...scope }) => ({
      ...scope,
      spans: spans.filter(({ traceId }) => traceId === trace_id),
    })),
  }));

const nanosecondsOf = (line: string): string =>
  `${BigInt(Date.parse(/"at":"([^"]*)"/.exec(line)?.[1] ?? '') || 0) * 1_000_000n}`;
