import { expect } from 'vitest';

type Step = { line: string; shown: { status: number; body: unknown } };

/** The lines of a text's session that begin with `curl`, each with the answer that stands under it. */
export function sessionOf(text: string): Step[] {
  const [, session = ''] = /^```\n(curl \$api[^`]*)```/m.exec(text) ?? [];
  return session.split(/^(?=curl )/m).map((step) => {
    const [, line = '', status, body = ''] = /^([^#]*)\n# (\d+) (.*)\n$/.exec(step) ?? [];
    return { line, shown: { status: Number(status), body: JSON.parse(body, asShown) } };
  });
}

/** `…` stands for any text, and a list for one in which at least this stands. */
const asShown = (_key: string, value: unknown) => {
  if (Array.isArray(value)) return expect.arrayContaining(value.map((item) => expect.objectContaining(item)));
  return typeof value === 'string' && value.endsWith('…') ? expect.stringContaining(value.slice(0, -1)) : value;
};
