import { createFormatValue, json2csv } from 'csv42';

const plain = createFormatValue(',');

/** What a spreadsheet would take for a formula begins with one of these (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Numbers and nested JSON as they are; text that would be run gets a quotation mark before it, which spreadsheets hide. */
const cell = (value: unknown): string => plain(typeof value === 'string' && FORMULA.test(value) ? `'${value}` : value);

/** Rows as lines of CSV (RFC 4180), under the columns' names where `header` says so. */
export const toCsv = (rows: Record<string, unknown>[], columns: readonly string[], header: boolean): string =>
  json2csv(rows, {
    header,
    fields: columns.map((name) => ({ name, getValue: (row: Record<string, unknown>) => row[name] })),
    formatValue: cell,
  });
