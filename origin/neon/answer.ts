import type { FieldDef } from 'pg';
import { type Output, type Row, tooLarge } from './exchange.ts';
import type { NeonRequest } from './request.ts';
import { responseAtHand } from './response.ts';
import { rowJson } from './values.ts';

/** What a character of a value takes at most as JSON: `\u001f`. */
const WIDEST = 6;

/** The response to statements that all succeeded. */
export function answer(request: NeonRequest, outputs: Output[], maxBytes: number): Response {
  const init = { headers: { 'content-type': 'application/json', ...request.echo } };
  const text = () => textOf(request, outputs);
  if (isPlain(request) && sizeOf(outputs) * WIDEST < maxBytes) {
    return responseAtHand({ text, json: () => resultOf(request, outputs) }, init);
  }
  const json = text();
  if (json.length * 3 > maxBytes && Buffer.byteLength(json) > maxBytes) throw tooLarge(maxBytes, 'executed');
  return responseAtHand({ text: () => json, json: () => JSON.parse(json) }, init);
}

/** As the driver asks: rows as PostgreSQL sends them, which no JSON has to be made of for a reader in this process. */
const isPlain = ({ isRaw, statements }: NeonRequest): boolean => isRaw && statements.every((one) => one.rowAsArray);

/** In characters, and some more for what stands between the values. */
function sizeOf(outputs: Output[]): number {
  let size = 0;
  for (const { fields, rows } of outputs) {
    size += 100 * (fields.length + 1);
    for (const row of rows) for (const value of row) size += (value?.length ?? 4) + 3;
  }
  return size;
}

function textOf({ statements, begin, isRaw }: NeonRequest, outputs: Output[]): string {
  const results = outputs.map((output, i) => resultJson(output, isRaw, statements[i]?.rowAsArray ?? false));
  return begin === undefined ? (results[0] ?? '') : `{"results":[${results.join(',')}]}`;
}

function resultOf({ begin }: NeonRequest, outputs: Output[]): unknown {
  const results = outputs.map(({ fields, rows, tag }) => {
    return { rowAsArray: true, fields: fields.map(fieldJson), rows, ...ended(tag) };
  });
  return begin === undefined ? results[0] : { results };
}

function resultJson({ fields, rows, tag }: Output, isRaw: boolean, rowAsArray: boolean): string {
  const head = `{"rowAsArray":${rowAsArray},"fields":${JSON.stringify(fields.map(fieldJson))}`;
  const tail = JSON.stringify(ended(tag)).slice(1);
  return `${head},"rows":${rowsJson(fields, rows, isRaw, rowAsArray)},${tail}`;
}

const fieldJson = (field: FieldDef) => ({
  name: field.name,
  dataTypeID: field.dataTypeID >>> 0, // pg reads ids as signed
  tableID: field.tableID >>> 0,
  columnID: field.columnID,
  dataTypeSize: field.dataTypeSize,
  dataTypeModifier: field.dataTypeModifier,
  format: 'text',
});

function rowsJson(fields: FieldDef[], rows: Row[], isRaw: boolean, rowAsArray: boolean): string {
  if (!isRaw) return `[${rows.map((row) => rowJson(fields, row, rowAsArray)).join(',')}]`;
  if (rowAsArray) return JSON.stringify(rows);
  return JSON.stringify(rows.map((row) => Object.fromEntries(row.map((value, i) => [fields[i]?.name, value]))));
}

/** `INSERT 0 3` is an INSERT of 3 rows, `CREATE TABLE` a CREATE without a count. */
function ended(tag: string): { command: string; rowCount: number | null } {
  const [command = '', ...rest] = tag.split(' ');
  const count = command === 'INSERT' ? rest[1] : rest[0];
  return { command, rowCount: count !== undefined && /^\d+$/.test(count) ? Number(count) : null };
}
