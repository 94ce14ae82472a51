import * as z from 'zod';
import { optional } from '../../domain/environment.ts';

/** `name=value` pairs as OpenTelemetry writes them: separated by commas, values percent-encoded. */
const headers = z
  .string()
  .default('')
  .transform((list, ctx) => {
    const pairs = list.split(',').filter((pair) => pair.trim() !== '');
    if (pairs.some((pair) => !/^[^=]+=/.test(pair))) ctx.addIssue('name=value, name=value …');
    return Object.fromEntries(
      pairs.map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
      }),
    );
  });

const Environment = z
  .object({
    /** Where spans go, with the path: `https://…/v1/traces`. */
    OTLP_URL: optional(z.url({ protocol: /^https?$/ })),
    OTLP_HEADERS: headers,
    /** Where lines go: `https://…/loki/api/v1/push`. */
    LOKI_URL: optional(z.url({ protocol: /^https?$/ })),
    /** `user:password`, as Basic; or a whole Authorization header. */
    LOKI_AUTH: optional(z.string()),
    /** The aggregator in the origin group. The edge's alone. */
    METRICS_URL: optional(z.url({ protocol: /^https?$/ })),
    METRICS_TOKEN: optional(z.string().min(24)),
    TRACE_SHARE: z.coerce.number().min(0).max(1).default(0.01),
    TRACE_SLOW_MS: z.coerce.number().int().min(1).default(1000),
    RELEASE: z.string().default('dev'),
  })
  .refine(({ METRICS_URL, METRICS_TOKEN }) => !METRICS_URL || METRICS_TOKEN, {
    error: 'METRICS_URL needs a METRICS_TOKEN.',
  });

export type TelemetrySettings = z.infer<typeof Environment>;

export const parseTelemetry = (env: Record<string, unknown>): TelemetrySettings => Environment.parse(env);
