// Lints the OpenAPI document with Spectral and OWASP's rules: `npm run check` does.
import spectral from '@stoplight/spectral-core';
import functions from '@stoplight/spectral-functions';
import owasp from '@stoplight/spectral-owasp-ruleset';
import rulesets from '@stoplight/spectral-rulesets';
import { documented } from '../workers/app.ts';
import { openapi } from '../workers/http/openapi.ts';

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
    // `redirect` is a yes or a no; where it leads only we say.
    'owasp:api7:2023-concerning-url-parameter': 'off',
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

const linter = new spectral.Spectral();
linter.setRuleset(RULESET as never);
const found = await linter.run(openapi(documented()) as never);
for (const { code, path, message } of found) console.log(`${code} at ${path.join('.')}: ${message}`);
process.exitCode = found.length === 0 ? 0 : 1;
