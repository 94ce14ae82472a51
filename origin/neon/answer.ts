import type { FieldDef } from 'pg';
import { type Output, type Row, tooLarge } from './exchange.ts';
import type { NeonRequest } from './request.ts';
import { textResponse } from './response.ts';
import { rowJson } from './values.ts';

/** The response to statements that all succeeded. */
export function answer({ statements, begin, isRaw, echo }: NeonRequest, outputs: Output[], maxBytes: number): Response {
  const results = outputs.map((output, i) => resultJson(output, isRaw, statements[i]?.rowAsArray ?? false));
  const json = begin === undefined ? (results[0] ?? '') : `{"results":[${results.join(',')}]}`;
  if (json.length * 3 > maxBytes && Buffer.byteLength(json) > maxBytes) throw tooLarge(maxBytes, 'executed');
  return textResponse(json, { headers: { 'content-type': 'application/json', ...echo } });
}

function resultJson({ fields, rows, tag }: Output, isRaw: boolean, rowAsArray: boolean): string {
  const head = `{"rowAsArray":${rowAsArray},"fields":${JSON.stringify(fields.map(fieldJson))}`;
  return `${head},"rows":${rowsJson(fields, rows, isRaw, rowAsArray)},${tagJson(tag)}}`;
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
function tagJson(tag: string): string {
  const [command = '', ...rest] = tag.split(' ');
  const count = command === 'INSERT' ? rest[1] : rest[0];
  const rowCount = count !== undefined && /^\d+$/.test(count) ? count : 'null';
  return `"command":${JSON.stringify(command)},"rowCount":${rowCount}`;
}
