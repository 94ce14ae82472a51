import { COLUMNS, type ColumnName } from '../board.ts';
import { type Letter, oneLine } from '../mail.ts';
import { fill, joined, type Piece } from './fill.ts';
import * as rendered from './rendered.ts';

/** What a mail says before it looks like anything. All of it is plain text. */
export type Wording = { subject: string; heading: string; body: Block[] };

/** A string is a paragraph. */
export type Block =
  | string
  | { code: string }
  | { action: Link }
  | { quote: string }
  | { list: string[] }
  | { home: string }
  | { column: Column };

/** A column of somebody's board, each task with its date in words. `more` tells how many are not listed. */
type Column = { of: ColumnName; name: string; tasks: { title: string; when: string }[]; more: string | null };
type Link = { label: string; url: string };
type Frame = { language: string; footer: string; link?: Link };

const SUBJECT_MAX = 120;
const ENDS_PARAGRAPH = { html: '\n', text: '\n\n' };
const ENDS_LINE = { html: '', text: '\n' };
const ENDS_QUOTED_LINE = { html: '<br>', text: '\n> ' };

/** The one way from words to a mail. */
export function letter({ language, footer, link }: Frame, { subject, heading, body }: Wording): Letter {
  const end = link
    ? fill(rendered.footerWithLink, { text: footer, ...safe(link) })
    : fill(rendered.footer, { text: footer });
  const pieces = joined([...body.map(pieceOf), end], ENDS_PARAGRAPH);
  const { html, text } = fill(rendered.layout, { language, heading, body: pieces });
  return { subject: shortened(oneLine(subject)), text: `${text}\n`, html: `${html}\n` };
}

function pieceOf(block: Block): Piece {
  if (typeof block === 'string') return fill(rendered.paragraph, { text: block });
  if ('code' in block) return fill(rendered.code, block);
  if ('action' in block) return fill(rendered.action, safe(block.action));
  if ('quote' in block) return fill(rendered.quote, { lines: linesOf(block.quote) });
  if ('list' in block) return listOf(block.list.map((text) => fill(rendered.item, { text })));
  if ('home' in block) return fill(rendered.home, { name: block.home });
  return columnOf(block.column);
}

function columnOf({ of, name, tasks, more }: Column): Piece {
  const color = COLUMNS.find((column) => column.name === of)?.color ?? 'transparent';
  const items = tasks.map(({ title, when }) => fill(rendered.datedItem, { text: title, when }));
  const all = more === null ? items : [...items, fill(rendered.item, { text: more })];
  return fill(rendered.boardColumn, { name, color, tasks: listOf(all) });
}

const listOf = (items: Piece[]): Piece => fill(rendered.list, { items: joined(items, ENDS_LINE) });

/** Somebody's own line breaks, which `fill` alone would take away. */
function linesOf(text: string): Piece {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  return joined(
    lines.map((line) => fill({ html: '{{line}}', text: '{{line}}' }, { line })),
    ENDS_QUOTED_LINE,
  );
}

/** A link leads where it says, and runs nothing. */
function safe({ label, url }: Link): Link {
  const { protocol, href } = new URL(url);
  if (!['https:', 'http:', 'mailto:'].includes(protocol)) throw new Error(`A mail links to no ${protocol}`);
  return { label, url: href };
}

function shortened(text: string): string {
  const signs = [...text];
  return signs.length <= SUBJECT_MAX ? text : `${signs.slice(0, SUBJECT_MAX - 1).join('')}…`;
}
