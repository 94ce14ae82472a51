import fc, { type Arbitrary } from 'fast-check';
import * as z from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;
type Defs = Record<string, Schema>;
/** Sent as it is: not every body is JSON, nor every text UTF-8. */
export type Strange = { body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> };

const DATES = ['2026-02-28', '2026-02-30', '1900-01-01', '2999-12-31', '0000-01-01', '10000-01-01', '2026-1-1', ''];
const MOMENTS = [
  '2026-03-07T10:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999+14:00',
  '2026-03-07 10:00',
];
const NUMBERS = [0, -0, 1, -1, 0.5, 12.345, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 32_768];
const TEXTS = ['', ' ', 'a\0b', 'a\ud800b', '👩‍👩‍👧‍👦', '\u202e', "'; drop table task_task; --", '__proto__', '1e999'];
const AMOUNTS = ['12.50', '0', '9999999999.99', '10000000000', '-1', '1.234', '1e3'];
const ZONES = ['America/Chicago', 'Mars/Olympus', '+14:00', '-25:00', 'UTC+99', '../etc/passwd', 'posixrules', '%00'];
const HEADERS: Record<string, string[]> = {
  'x-timezone': ZONES,
  'idempotency-key': ['one', '', 'x'.repeat(129), 'ü', 'a b'],
  'if-match': ['*', '"1.0"', 'W/"99999999999999999999.x"', 'nonsense', '""'],
  'content-type': ['application/json; charset=utf-16', 'text/plain', 'application/x-www-form-urlencoded', 'json'],
  'x-request-id': ['mine', '<script>', 'x'.repeat(200)],
};

/** Bodies for a schema: fields that may be right, fields that cannot be, and things that are no JSON at all. */
export function strangeFor(schema: z.ZodType, valid: object): Arbitrary<Strange> {
  const document = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const defs = document.$defs ?? {};
  const fields = fieldsOf(document, defs).map(([name, field]) => {
    const value = fc.oneof({ weight: 5, arbitrary: valueFor(field, defs) }, anything());
    return value.map((value) => [name, value] as const);
  });
  // Mostly one: what is right in all but one place comes further than what is wrong in several.
  const field = fc.oneof(...fields);
  const changes = fc.oneof({ weight: 3, arbitrary: field.map((only) => [only]) }, fc.array(field, { maxLength: 5 }));
  const changed = changes.map((changes) => json({ ...valid, ...Object.fromEntries(changes) }));
  const body = fc.oneof(
    { weight: 12, arbitrary: changed },
    { weight: 2, arbitrary: anything().map(json) },
    broken(valid),
  );
  return fc.record({ body, headers: headers() });
}

function fieldsOf(schema: Schema | boolean, defs: Defs): [string, Schema | boolean][] {
  if (typeof schema === 'boolean') return [];
  const { $ref, properties = {}, anyOf = [], oneOf = [], allOf = [] } = schema;
  if ($ref) return fieldsOf(resolve($ref, defs), defs);
  return [...Object.entries(properties), ...[...anyOf, ...oneOf, ...allOf].flatMap((part) => fieldsOf(part, defs))];
}

const resolve = ($ref: string, defs: Defs) => defs[$ref.replace('#/$defs/', '')] ?? true;

/** A value such as the schema asks for, at its limits and a little beyond. */
function valueFor(schema: Schema | boolean, defs: Defs): Arbitrary<unknown> {
  if (typeof schema === 'boolean') return anything();
  const { $ref, anyOf, enum: options, type, format, pattern, items, minimum, maximum, maxLength = 50 } = schema;
  if ($ref) return valueFor(resolve($ref, defs), defs);
  if (anyOf) return fc.oneof(...anyOf.map((option) => valueFor(option, defs)));
  if (options) return fc.constantFrom<unknown>(...options);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'integer' || type === 'number') {
    const limits = [minimum, maximum].flatMap((limit) => (limit === undefined ? [] : [limit, limit - 1, limit + 1]));
    return fc.oneof(fc.constantFrom(...NUMBERS, ...limits), fc.integer({ min: 1, max: 50 }), fc.double());
  }
  if (type === 'array') return fc.array(valueFor((items as Schema | undefined) ?? true, defs), { maxLength: 4 });
  if (type !== 'string') return anything();
  if (format === 'date') return fc.constantFrom(...DATES);
  if (format === 'date-time') return fc.constantFrom(...MOMENTS);
  if (pattern) return fc.constantFrom(...AMOUNTS, ...TEXTS);
  const long = ['a', '👩'].flatMap((letter) => [maxLength, maxLength + 1, 6000].map((length) => letter.repeat(length)));
  return fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(...ZONES, ...long), fc.string({ unit: 'binary' }));
}

const anything = (): Arbitrary<unknown> =>
  fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom<unknown>(...TEXTS, ...NUMBERS, null, [], {}));

/** What is no JSON, twice the same field, nested without end, not UTF-8, or more than anybody should send. */
function broken(valid: object): Arbitrary<string | Uint8Array<ArrayBuffer>> {
  const text = json(valid);
  return fc.oneof(
    fc.nat(text.length).map((length) => text.slice(0, length)),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => new Uint8Array(bytes)),
    fc.constantFrom(
      text.replace('{', '{"title":1,"title":"twice",'),
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      `{"title":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
      `{"title":"${'x'.repeat(1024 * 1024)}"}`,
    ),
  );
}

const headers = (): Arbitrary<Record<string, string>> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    ...Object.entries(HEADERS).map(([name, values]) => fc.constantFrom(...values).map((value) => ({ [name]: value }))),
  );

const json = (value: unknown): string => JSON.stringify(value);
