import { oneLine } from '../mail.ts';

/** The same piece of a mail, twice. */
export type Piece = { html: string; text: string };

/** The names between double braces. */
type Slots<T extends string> = T extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Slots<Rest> : never;

/**
 * A part of `rendered.ts` with its slots filled. All that comes as text stays text: it is escaped here and nowhere else,
 * and begins no line. What comes as a piece was made here before.
 */
export const fill = <const Html extends string>(
  { html, text }: { html: Html; text: string },
  values: Record<Slots<Html>, string | Piece>,
): Piece => ({
  html: filled(html, values, (value) => (typeof value === 'string' ? escaped(oneLine(value)) : value.html)),
  text: filled(text, values, (value) => (typeof value === 'string' ? oneLine(value) : value.text)),
});

export const joined = (pieces: Piece[], between: Piece): Piece => ({
  html: pieces.map(({ html }) => html).join(between.html),
  text: pieces.map(({ text }) => text).join(between.text),
});

type Values = Record<string, string | Piece>;

/** In one pass: braces in a value are no slot. */
const filled = (template: string, values: Values, shown: (value: string | Piece) => string): string =>
  template.replace(/\{\{(\w+)\}\}/g, (_slot, name) => shown(values[name] ?? ''));

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
