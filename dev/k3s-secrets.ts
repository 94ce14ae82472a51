// npm run k3s:secrets [-- --overlay deploy/k3s/production]: which secrets the group wants that its cluster does not have.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { kubectl, render } from './kubectl.ts';

/** A key of a secret that somebody reads. */
export type Wanted = { secret: string; key: string; optional: boolean };

/** Where objects name a secret, and the keys that are then read from it. */
const Reference = z.union([
  z
    .object({ secretKeyRef: z.object({ name: z.string(), key: z.string(), optional: z.boolean().default(false) }) })
    .transform(({ secretKeyRef: { name, key, optional } }) => [{ secret: name, key, optional }]),
  z
    .object({ imagePullSecrets: z.array(z.object({ name: z.string() })) })
    .transform(({ imagePullSecrets }) => imagePullSecrets.flatMap(({ name }) => keysOf(name, '.dockerconfigjson'))),
  // As files of a volume.
  z
    .object({ secretName: z.string(), items: z.array(z.object({ key: z.string() })) })
    .transform(({ secretName, items }) => items.flatMap(({ key }) => keysOf(secretName, key))),
  // Of an Ingress and of a TLSOption: the group's certificate, and the authority of those who may ask.
  z
    .object({ secretName: z.string(), hosts: z.array(z.string()) })
    .transform(({ secretName }) => [...keysOf(secretName, 'tls.crt'), ...keysOf(secretName, 'tls.key')]),
  z
    .object({ secretNames: z.array(z.string()) })
    .transform(({ secretNames }) => secretNames.flatMap((name) => keysOf(name, 'tls.ca'))),
]);
const keysOf = (secret: string, key: string): Wanted[] => [{ secret, key, optional: false }];

/** Every key once, by the secrets' names. */
export function wantedSecrets(objects: unknown): Wanted[] {
  const found = new Map<string, Wanted>();
  for (const wanted of referencesIn(objects)) {
    const name = `${wanted.secret} ${wanted.key}`;
    if (!wanted.optional || !found.has(name)) found.set(name, wanted);
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b)).map(([, wanted]) => wanted);
}

function referencesIn(value: unknown): Wanted[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = Reference.safeParse(value);
  return [...(here.success ? here.data : []), ...Object.values(value).flatMap(referencesIn)];
}

/** One line for each key that is not there, or has nothing in it. */
export function missingSecrets(wanted: Wanted[], has: Map<string, Record<string, string>>): string[] {
  return wanted.flatMap(({ secret, key, optional }) => {
    if (has.get(secret)?.[key]) return [];
    return [`${optional ? 'not given' : 'MISSING  '}  ${secret}: ${key}`];
  });
}

const Secrets = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()).default({}) }),
  ),
});

function secretsIn(namespace: string): Map<string, Record<string, string>> {
  const { status, stdout, stderr } = spawnSync(kubectl(), ['get', 'secrets', '-n', namespace, '-o', 'json'], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 ** 2,
  });
  if (status !== 0) throw new Error(`The cluster was not reached: ${stderr}`);
  const { items } = Secrets.parse(JSON.parse(stdout));
  return new Map(items.map(({ metadata, data }) => [metadata.name, data]));
}

if (import.meta.main) {
  const { values: options } = parseArgs({
    options: {
      overlay: { type: 'string', default: 'deploy/k3s/production' },
      namespace: { type: 'string', default: 'honeydue' },
    },
  });
  const objects = parseAllDocuments(render(options.overlay)).map((document) => document.toJS());
  const missing = missingSecrets(wantedSecrets(objects), secretsIn(options.namespace));
  for (const line of missing) console.log(line);
  if (missing.some((line) => line.startsWith('MISSING'))) process.exit(1);
  console.log('Nothing is missing that the group needs.');
}
