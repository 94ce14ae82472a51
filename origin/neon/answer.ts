import type { FieldDef } from 'pg';
import { type Output, type Row, tooLarge } from './exchange.ts';
import type { NeonRequest } from './request.ts';
import { responseAtHand } from './response.ts';
import { rowJson } from './values.ts';

/** The response to statements that all succeeded. */
export function answer(request: NeonRequest, outputs: Output[], maxBytes: number): Response {
  const json = textOf(request, outputs);
  if (json.length * 3 > maxBytes && Buffer.byteLength(json) > maxBytes) throw tooLarge(maxBytes, 'executed');
  return responseAtHand(json, { headers: { 'content-type': 'application/json', ...request.echo } });
}

function textOf({ statements, begin, isRaw }: NeonRequest, outputs: Output[]): string {
  const results = outputs.map((output, i) => resultJson(output, isRaw, statements[i]?.rowAsArray ?? false));
  return begin === undefined ? (results[0] ?? '') : `{"results":[${results.join(',')}]}`;
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
export function ended(tag: string): { command: string; rowCount: number | null } {
  const [command = '', ...rest] = tag.split(' ');
  const count = command === 'INSERT' ? rest[1] : rest[0];
  return { command, rowCount: count !== undefined && /^\d+$/.test(count) ? Number(count) : null };
}
