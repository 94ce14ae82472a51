import spectral from '@stoplight/spectral-core';
import functions from '@stoplight/spectral-functions';
import owasp from '@stoplight/spectral-owasp-ruleset';
import rulesets from '@stoplight/spectral-rulesets';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { documented } from '../workers/app.ts';
import { openapi } from '../workers/http/openapi.ts';

const document = openapi(documented());

/** Spectral's own rules and OWASP's, but for what the contract decided otherwise. */
const RULESET = {
  extends: [
    [rulesets.oas, 'all'],
    [owasp, 'all'],
  ],
  rules: {
    // Ids are numbers, and membership is part of every statement: a foreign id is as good as none.
    'owasp:api1:2023-no-numeric-ids': 'off',
    // Paths end in a slash, and are answered without it as well.
    'path-keys-no-trailing-slash': 'off',
    // People may write what they like; its length is limited.
    'owasp:api4:2023-string-restricted': 'off',
    // Limits are for what comes in. What goes out came in before.
    'owasp:api4:2023-string-limit': incoming('string', ['maxLength', 'enum', 'const', 'format', 'pattern']),
    'owasp:api4:2023-array-limit': incoming('array', ['maxItems', 'prefixItems']),
    // The public operations are few, and listed in a test of their own.
    'owasp:api2:2023-read-restricted': 'off',
    'owasp:api2:2023-write-restricted': 'off',
    'owasp:api8:2023-define-error-responses-401': 'off',
    // Only configured origins are answered with CORS headers.
    'owasp:api8:2023-define-cors-origin': 'off',
    // They stand in the order in which one meets them.
    'openapi-tags-alphabetical': 'off',
  },
};

function incoming(type: string, anyOf: string[]) {
  return {
    message: `What comes in must be limited: one of ${anyOf.join(', ')}.`,
    severity: 'error',
    given: ['requestBody.content[*].schema', 'parameters[*].schema'].flatMap((place) => [
      `$.paths[*][*].${place}..[?(@ && @.type === '${type}')]`,
      `$.paths[*][*].${place}[?(@property === 'type' && @ === '${type}')]^`,
    ]),
    // biome-ignore lint/suspicious/noThenProperty: Spectral's own word
    then: {
      function: functions.schema,
      functionOptions: { schema: { anyOf: anyOf.map((name) => ({ required: [name] })) } },
    },
  };
}

test('Spectral and OWASP find nothing in the document', async () => {
  const linter = new spectral.Spectral();
  linter.setRuleset(RULESET as never);
  const found = await linter.run(document as never);
  expect(found.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`)).toEqual([]);
}, 60_000);

test('every body that is taken has an example that its schema takes, and every answer one that its schema gives', () => {
  const complaints: string[] = [];
  for (const { method, path, doc } of documented()) {
    const spelled = `${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}').replace(/\/?$/, '/')}`.replace(
      /\.(json|ics)\/$/,
      '.$1',
    );
    const operation = (document.paths[spelled] as never)[method.toLowerCase()] as Described;
    if (doc.body)
      check(`${method} ${path} takes`, doc.body, operation.requestBody?.content['application/json']?.example);
    for (const [status, schema] of Object.entries(doc.replies ?? {})) {
      if (schema === null) continue;
      check(
        `${method} ${path} answers ${status}`,
        schema,
        Object.values(operation.responses[status]?.content ?? {})[0]?.example,
      );
    }
  }
  expect(complaints).toEqual([]);

  function check(what: string, schema: z.ZodType, example: unknown): void {
    const { success, error } = schema.safeParse(example);
    if (!success) complaints.push(`${what}: ${z.prettifyError(error)}`);
  }
});

type Content = { content: Record<string, { example: unknown }> };
type Described = { requestBody?: Content; responses: Record<string, Content> };

test('anyone may ask these, and nothing else', () => {
  const open = documented().filter(({ isPublic }) => isPublic);
  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toMatchInlineSnapshot(`
    [
      "GET /api/calendar/:feed{[a-zA-Z0-9_.-]+[.]ics}",
      "GET /api/contractors/specialties",
      "GET /api/health",
      "GET /api/health/ready",
      "GET /api/openapi.json",
      "GET /api/residences/types",
      "GET /api/static_data",
      "GET /api/tasks/categories",
      "GET /api/tasks/frequencies",
      "GET /api/tasks/priorities",
      "GET /api/unsubscribe",
      "POST /api/auth/apple-sign-in",
      "POST /api/auth/forgot-password",
      "POST /api/auth/google-sign-in",
      "POST /api/auth/login",
      "POST /api/auth/register",
      "POST /api/auth/reset-password",
      "POST /api/auth/verify-reset-code",
      "POST /api/subscription/webhook/apple",
      "POST /api/subscription/webhook/google",
      "POST /api/subscription/webhook/stripe",
      "POST /api/unsubscribe",
    ]
  `);
});
