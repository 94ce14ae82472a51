import type { Statement } from './client.ts';

const TARGET = /\b(?:into|(?:from|join|update)(?!\s+(?:\w+\.)?\w+\s*\())\s+(?:only\s+)?(?:"?\w+"?\.)?"?([a-z]\w*)"?/gi;
const LITERAL = /'[^']*'/g;
const NO_TABLE = new Set(['lateral', 'set', 'skip', 'of', 'nowait', 'select']);
const FUNCTION = /^\s*select\s+(hd_\w+)\s*\(/i;
const NAMED = /\b(?:with|,)\s*(?:recursive\s+)?(\w+)\s+as\s+(?:materialized\s+)?\(/gi;
const TARGETS_MAX = 3;
const LENGTH_MAX = 200;

/** What statements do and to which tables, as OpenTelemetry's `db.query.summary`: never a value of theirs. */
export const summaryOf = (statements: readonly Statement[]): string =>
  statements
    .map((one) => summaryOfText(textOf(one)))
    .join('; ')
    .slice(0, LENGTH_MAX);

export function summaryOfText(whole: string): string {
  const text = whole.replace(LITERAL, "''");
  const [, guard] = FUNCTION.exec(text) ?? [];
  if (guard) return guard;
  const named = new Set([...text.matchAll(NAMED)].map(([, name]) => name));
  const tables = [...text.matchAll(TARGET)].flatMap(([, table]) =>
    table && !named.has(table) && !NO_TABLE.has(table) ? [table] : [],
  );
  const [, verb = 'select'] = /\b(insert(?= into)|delete(?= from)|(?<!\b(?:for|do)\s)update)\b/i.exec(text) ?? [];
  return [verb.toLowerCase(), ...[...new Set(tables)].slice(0, TARGETS_MAX)].join(' ');
}

type Readable = { getQuery(): { sql: string } } | { toSQL(): { sql: string } };

/** With placeholders for its values. */
const textOf = (statement: Statement): string => {
  if (!isReadable(statement)) return '';
  return ('getQuery' in statement ? statement.getQuery() : statement.toSQL()).sql;
};

const isReadable = (statement: object): statement is Readable => 'getQuery' in statement || 'toSQL' in statement;
