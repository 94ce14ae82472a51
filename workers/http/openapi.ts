import * as z from 'zod';
import type { Operation } from './operations.ts';
import { codesOf, Problem } from './problem.ts';

const INFO = {
  title: 'honeyDue',
  version: '1',
  description:
    'Keeps a home in shape: homes, tasks on a board, completions. Dates are civil dates in your zone (X-Timezone).',
};

/** Reads the OpenAPI 3.1 document off the routes themselves, so that it cannot drift from them. Built once a release, and served as a file. */
export function openapi(documented: Operation[]) {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Record<string, object> = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
    const { $schema: _, $defs, ...rest } = JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/'));
    Object.assign(schemas, $defs); // a schema with .meta({ id }) is described once, and referred to
    if (typeof rest.id !== 'string') return rest;
    schemas[rest.id] = rest;
    return { $ref: `#/components/schemas/${rest.id}` };
  };
  for (const operation of documented) {
    const path = operation.path
      .replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')
      .replace(/\/?$/, '/')
      .replace(/\.json\/$/, '.json');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, path, schemaOf) };
  }
  const securitySchemes = {
    token: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: '`Token <token>`; `Bearer` is accepted.',
    },
  };
  return { openapi: '3.1.0', info: INFO, servers: [{ url: '/' }], paths, components: { schemas, securitySchemes } };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => object;

function describe({ method, path: route, doc, isPublic }: Operation, path: string, schemaOf: SchemaOf): object {
  const { summary, replies = {}, problems = [], params, query, body } = doc;
  const [, , noun = 'api'] = path.split('/');
  const always = [...(isPublic ? [] : [401]), ...(body || query ? [400] : []), ...(params ? [404] : []), 429, 500, 503];
  const failures = [...new Set([...always, ...problems])].sort();
  return {
    summary,
    operationId: operationId(method, route),
    tags: [noun.replace('.json', '')],
    security: isPublic ? [] : [{ token: [] }],
    ...((params || query) && {
      parameters: [...parameters(params, 'path', schemaOf), ...parameters(query, 'query', schemaOf)],
    }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(replies).map(([status, schema]) => [status, reply(schema, schemaOf)])),
      ...Object.fromEntries(failures.map((status) => [status, refusal(status, schemaOf)])),
    },
  };
}

const operationId = (method: string, path: string): string =>
  [method.toLowerCase(), ...path.replace(/\{[^}]*\}/g, '').split(/[/:.]/)]
    .filter((part) => part && part !== 'api')
    .join('_')
    .replaceAll('-', '_');

const reply = (schema: z.ZodType | null, schemaOf: SchemaOf): object =>
  schema === null
    ? { description: 'Done; no body.' }
    : {
        description: schema.description ?? 'Done.',
        content: { 'application/json': { schema: schemaOf(schema, 'output') } },
      };

const refusal = (status: number, schemaOf: SchemaOf): object => ({
  description: `Refused: ${codesOf(status)
    .map((code) => `\`${code}\``)
    .join(', ')}`,
  content: { 'application/problem+json': { schema: schemaOf(Problem, 'output') } },
});

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query', schemaOf: SchemaOf): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}
