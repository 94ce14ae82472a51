import { redacted } from './redaction.ts';
import type { Line } from './telemetry.ts';

/** Of a line that says that something went wrong on our side. */
const TROUBLE = /(failed|crashed|broken|lost|down|away|dead|missing|not_\w+)$/;
const CHARACTERS_MAX = 16_000;

/** The one place where lines are made: JSON, without secrets, to whoever prints and to whoever collects. */
export const newLog =
  (print: (line: string) => void, collect?: (line: Line) => void) =>
  (event: string, fields: Record<string, unknown> = {}): void => {
    const at_ms = Date.now();
    const level = TROUBLE.test(event) || (typeof fields.status === 'number' && fields.status >= 500) ? 'error' : 'info';
    const line = { at: new Date(at_ms).toISOString(), level, event, ...redacted(fields) };
    const text = JSON.stringify(line);
    const whole = text.length <= CHARACTERS_MAX ? text : JSON.stringify(cut(line));
    print(whole);
    collect?.({ at_ms, level, text: whole });
  };

/** What is short of it. */
const cut = (line: Record<string, unknown>) => ({
  ...Object.fromEntries(Object.entries(line).filter(([, value]) => JSON.stringify(value ?? null).length <= 200)),
  is_cut: true,
});
