import { expect, test } from 'vitest';
import * as z from 'zod';
import { documented } from '../workers/app.ts';
import { openapi } from '../workers/http/openapi.ts';

const document = openapi(documented());

test('every body that is taken has an example that its schema takes, and every answer one that its schema gives', () => {
  const complaints: string[] = [];
  for (const { method, path, doc } of documented()) {
    const spelled = `${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}').replace(/\/?$/, '/')}`.replace(
      /\.(json|ics)\/$/,
      '.$1',
    );
    const operation = (document.paths[spelled] as never)[method.toLowerCase()] as Described;
    if (doc.body)
      check(`${method} ${path} takes`, doc.body, Object.values(operation.requestBody?.content ?? {})[0]?.example);
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
  const open = documented().filter(({ door }) => door === 'public');
  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toMatchInlineSnapshot(`
    [
      "GET /api/calendar/:feed{[a-zA-Z0-9_.-]+[.]ics}",
      "GET /api/contractors/specialties",
      "GET /api/downloads",
      "GET /api/health",
      "GET /api/health/ready",
      "GET /api/openapi.json",
      "GET /api/residences/types",
      "GET /api/static_data",
      "GET /api/tasks/categories",
      "GET /api/tasks/frequencies",
      "GET /api/tasks/priorities",
      "GET /api/unsubscribe",
      "POST /api/admin/login",
      "POST /api/auth/apple-sign-in",
      "POST /api/auth/forgot-password",
      "POST /api/auth/google-sign-in",
      "POST /api/auth/login",
      "POST /api/auth/register",
      "POST /api/auth/reset-password",
      "POST /api/auth/verify-reset-code",
      "POST /api/contact",
      "POST /api/mail/webhook/ses",
      "POST /api/subscription/webhook/apple",
      "POST /api/subscription/webhook/google",
      "POST /api/subscription/webhook/stripe",
      "POST /api/unsubscribe",
      "POST /contact",
    ]
  `);
});
