import type { FieldDef } from 'pg';
import type { Row } from './exchange.ts';

/** The types, by their fixed ids, whose values the hosted service does not answer as JSON strings. */
const BOOL = 16;
const NUMBERS = [21, 23, 700, 701];
const JSONS = [114, 3802];
const BOX_ARRAY = 1020;

/** PostgreSQL's own array types by the type of their items; 0 where the items are answered as strings. */
const ARRAYS = new Map([
  ...[
    [1000, BOOL],
    [1005, 21],
    [1007, 23],
    [1021, 700],
    [1022, 701],
    [199, 114],
    [3807, 3802],
  ],
  ...[143, 271, 629, 651, 719, 775, 791, 1001, 1002, 1003, 1006, 1008, 1009, 1010, 1011, 1012, 1013, 1014].map(text),
  ...[1015, 1016, 1017, 1018, 1019, BOX_ARRAY, 1027, 1028, 1034, 1040, 1041, 1115, 1182, 1183, 1185, 1187].map(text),
  ...[1231, 1263, 1270, 1561, 1563, 2201, 2207, 2208, 2209, 2210, 2211, 2949, 2951, 3221, 3643, 3644, 3645].map(text),
  ...[3735, 3770, 3905, 3907, 3909, 3911, 3913, 3927, 4073, 4090, 4097, 4192, 5039, 6150, 6151, 6152].map(text),
  ...[6153, 6155, 6157].map(text),
] as [number, number][]);

function text(array: number): [number, number] {
  return [array, 0];
}

/** A row as JSON in the hosted service's own conversion, for clients that do not ask for raw text. */
export function rowJson(fields: FieldDef[], row: Row, rowAsArray: boolean): string {
  const values = row.map((value, column) => valueJson(value, fields[column]?.dataTypeID ?? 0));
  if (rowAsArray) return `[${values.join(',')}]`;
  return `{${values.map((value, column) => `${JSON.stringify(fields[column]?.name)}:${value}`).join(',')}}`;
}

function valueJson(value: string | null, type: number): string {
  if (value === null) return 'null';
  if (type === BOOL) return value === 't' ? 'true' : 'false';
  // Numbers and documents are passed on as they were printed: nothing is rounded on the way.
  if (NUMBERS.includes(type)) return /^-?\d/.test(value) ? value : JSON.stringify(value);
  if (JSONS.includes(type)) return value;
  const item = ARRAYS.get(type);
  return item === undefined ? JSON.stringify(value) : arrayJson(value, item, type === BOX_ARRAY ? ';' : ',');
}

/** `{1,NULL,"a \"b\""}` → `[1,null,"a \"b\""]`, nested arrays too; bounds like `[2:3]=` have no place in JSON. */
function arrayJson(array: string, type: number, delimiter: string): string {
  const token = new RegExp(`"((?:[^"\\\\]|\\\\.)*)"|[{}${delimiter}]|[^{}"${delimiter}]+`, 'gs');
  const items = array.startsWith('[') ? array.slice(array.indexOf('=') + 1) : array;
  let json = '';
  for (const [found, quoted] of items.matchAll(token)) {
    if (quoted !== undefined) json += valueJson(quoted.replace(/\\(.)/gs, '$1'), type);
    else if (found === '{') json += '[';
    else if (found === '}') json += ']';
    else if (found === delimiter) json += ',';
    else json += found === 'NULL' ? 'null' : valueJson(found, type);
  }
  return json;
}
