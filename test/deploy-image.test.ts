import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';
import * as z from 'zod';
import { instructionsOf } from '../dev/image.ts';
import { missingSecrets, wantedSecrets } from '../dev/k3s-secrets.ts';
import manifest from '../package.json' with { type: 'json' };
import { objects, ofKind, pods } from './k3s/group.ts';
import { containersOf } from './k3s/rendered.ts';

test('a secret that is missing is named, and each is described', () => {
  const wanted = wantedSecrets(objects);
  const all = new Map(
    [...Map.groupBy(wanted, ({ secret }) => secret)].map(([name, keys]) => [
      name,
      Object.fromEntries(keys.map(({ key }) => [key, 'c2VjcmV0'])),
    ]),
  );
  expect(missingSecrets(wanted, all)).toEqual([]);
  const some = new Map(all).set('origin', { ...all.get('origin'), SIGNING_KEYS: '', STRIPE_SECRET_KEY: '' });
  some.delete('registry');
  expect(missingSecrets(wanted, some)).toEqual([
    'MISSING    origin: SIGNING_KEYS',
    'not given  origin: STRIPE_SECRET_KEY',
    'MISSING    registry: .dockerconfigjson',
  ]);
  const settings = readFileSync('docs/settings.md', 'utf8');
  expect(wanted.filter(({ key }) => !settings.includes(`\`${key}\``))).toEqual([]);
  // And none that the documentation marks as secret is forgotten: mail goes by SES, for no policy lets SMTP out, and the
  // address of Redis is put together from its password.
  const marked = settings
    .split('\n')
    .flatMap((line) => [...line.matchAll(/`([A-Z][A-Z0-9_]+)`\??,? ◆/g)].map(([, key]) => key));
  const given = new Set(wanted.map(({ key }) => key));
  expect(marked.filter((key = '') => !['MAIL_URL', 'REDIS_URL'].includes(key) && !given.has(key))).toEqual([]);
});

test('edge and origin are told the same', () => {
  const { vars } = readConfig({ config: 'wrangler.toml', env: 'production' }, { hideWarnings: true });
  const map = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('origin-'));
  const { ORIGIN_URL, ...shared } = vars;
  expect(map?.data).toMatchObject(shared);
  // The origin hands nothing over.
  expect(ofKind('Ingress').flatMap(hostsOf)).toContain(new URL(String(ORIGIN_URL)).host);
  expect(map?.data).not.toHaveProperty('ORIGIN_URL');
});

const hostsOf = ({ spec }: Record<string, unknown>) =>
  z
    .object({ rules: z.array(z.object({ host: z.string() })) })
    .parse(spec)
    .rules.map(({ host }) => host);

test('the image holds all that its processes import, and starts from versions', async () => {
  const stages = instructionsOf('deploy/Dockerfile');
  const bases = stages.filter(({ name }) => name === 'FROM').map(({ words: [image = ''] }) => image);
  const external = bases.filter((image) => image.includes(':'));
  expect(
    external.every((image) => /^[a-z]+:\d+\.\d+(\.\d+)?-bookworm(-slim)?$/.test(image)),
    `${external}`,
  ).toBe(true);
  expect(external.filter((image) => image.startsWith('node:'))).toEqual(
    external.filter((image) => image === `node:${manifest.devDependencies.node}-bookworm-slim`),
  );
  expect(stages.filter(({ name }) => name === 'USER').map(({ words }) => words)).toEqual([
    ['10001:10001'],
    ['10001:10001'],
  ]);

  const commands = pods
    .flatMap(containersOf)
    .flatMap(({ command }) => (command[0] === 'node' ? [command.at(-1) ?? ''] : []));
  const entries = [...new Set(commands)];
  const { metafile } = await build({
    entryPoints: entries,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    outdir: 'nowhere',
    logLevel: 'silent',
  });
  const copied = copiedIn('origin');
  const files = Object.keys(metafile.inputs);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !copied.some((path) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
  const packages = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external: isOutside }) => isOutside && !path.startsWith('node:'))
    .map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining([...new Set(packages)]));
});

/** What a stage copies of the repository. */
function copiedIn(stage: string): string[] {
  const stages = instructionsOf('deploy/Dockerfile');
  const from = stages.findIndex(({ name, words }) => name === 'FROM' && words.at(-1) === stage);
  const to = stages.findIndex(({ name }, n) => n > from && name === 'FROM');
  return stages
    .slice(from, to)
    .filter(({ name, flags }) => name === 'COPY' && flags.from === undefined)
    .flatMap(({ words }) => words.slice(0, -1));
}
