type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  propertyNames?: Schema;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  prefixItems?: Schema[];
  minimum?: number;
  default?: unknown;
};

/** What a field of this name looks like in a home that we know. */
const WORDS: Record<string, unknown> = {
  id: 42,
  title: 'Change the furnace filter',
  description: 'A 16×25×1 filter; the arrow points to the furnace.',
  name: 'Maple Street',
  display_name: 'Due Soon',
  username: 'ann',
  email: 'ann@example.com',
  new_email: 'ann@example.org',
  password: 'correct horse battery',
  new_password: 'staple battery horse',
  current_password: 'correct horse battery',
  first_name: 'Ann',
  last_name: 'Miller',
  timezone: 'America/Chicago',
  zone: 'America/Chicago',
  token: 'hd_Ee8qdlH1OHyYLc29_k_Bbj8eQSMOAi2Rh7Vzs293q9E',
  code: '482913',
  totp: '482913',
  recovery_code: 'K7QF-2M9X-PA4T-W3JH',
  device_name: 'Ann’s phone',
  ip: '203.0.113.7',
  user_agent: 'honeyDue/3.2 (iOS)',
  street_address: '12 Maple Street',
  city: 'Austin',
  state_province: 'TX',
  postal_code: '78701',
  country: 'US',
  phone: '+1 512 555 0100',
  company: 'Miller Heating',
  website: 'https://example.com',
  url: 'https://api.honeydue.app/',
  filename: 'Porch.jpg',
  md5: 'CY9rzUYh03PK3k6DJie09g==',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  color: '#FF9500',
  icon: 'wrench',
  notes: 'Took ten minutes.',
  estimated_cost: '25.00',
  actual_cost: '23.50',
  purchase_price: '350000.00',
  days: 30,
  days_threshold: 30,
  count: 1,
  limit: 10,
  usage: 4,
  version: 17,
  rating: 5,
  level: 2,
  score: 0.55,
  profile_completeness: 0.4,
  cursor: 'WzQyXQ',
  next_cursor: null,
  property_type_id: 1,
  category_id: 3,
  priority_id: 2,
  frequency_id: 5,
  residence_id: 7,
  task_id: 42,
  year_built: 1987,
  custom_interval: null,
  custom_unit: null,
  quiet_start: '22:00',
  quiet_end: '07:00',
  min_app_version: '2.0.0',
};

/** A value that a JSON Schema describes, the same at every build. */
export function exampleOf(schema: Schema, named: Record<string, Schema>, field = ''): unknown {
  if (schema.$ref) return exampleOf(named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, named, field);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    if (WORDS[field] === null && options.some(({ type }) => type === 'null')) return null;
    return exampleOf(options.find(({ type }) => type !== 'null') ?? {}, named, field);
  }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, named, field)));
  switch (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type) {
    case 'object':
      return objectOf(schema, named);
    case 'array':
      return (schema.prefixItems ?? [schema.items ?? {}]).map((item) => exampleOf(item, named, field));
    case 'string':
      return stringOf(schema, field);
    case 'integer':
    case 'number':
      return typeof WORDS[field] === 'number' ? WORDS[field] : Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return schema.default ?? false;
    default:
      return schema.type === 'null' ? null : (WORDS[field] ?? {});
  }
}

function objectOf(schema: Schema, named: Record<string, Schema>): object {
  const { properties, propertyNames, additionalProperties } = schema;
  if (properties) {
    return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, exampleOf(field, named, name)]));
  }
  if (typeof additionalProperties !== 'object') return {};
  const keys = (propertyNames?.enum ?? ['key']) as string[];
  return Object.fromEntries(keys.map((key) => [key, exampleOf(additionalProperties, named, key)]));
}

function stringOf({ format }: Schema, field: string): unknown {
  if (format === 'date-time') return '2026-03-07T15:00:00.000Z';
  if (format === 'date') return '2026-03-07';
  if (format === 'uri' && !String(WORDS[field]).startsWith('http')) return 'https://example.com/';
  return typeof WORDS[field] === 'string' ? WORDS[field] : field.replaceAll('_', ' ') || 'text';
}
