import { expect, test } from 'vitest';
import * as z from 'zod';
import { named, ofKind, pod } from './k3s/group.ts';
import { selects } from './k3s/rendered.ts';

const Policy = z.object({
  podSelector: z.unknown(),
  policyTypes: z.array(z.string()),
  ingress: z.array(z.object({ from: z.array(z.unknown()).min(1), ports: z.array(z.unknown()).min(1) })).default([]),
  egress: z
    .array(z.object({ to: z.array(z.unknown()).min(1), ports: z.array(z.object({ port: z.int() })).min(1) }))
    .default([]),
});
const policies = ofKind('NetworkPolicy').map(({ metadata: { name }, spec }) => ({ name, ...Policy.parse(spec) }));
const portsFrom = (name: string) =>
  policies
    .filter(({ podSelector }) => selects(podSelector, pod(name).labels))
    .flatMap(({ egress }) => egress.flatMap(({ ports }) => ports.map(({ port }) => port)))
    .sort((a, b) => a - b);

test('nobody talks to anybody but whom it needs', () => {
  expect(policies.find(({ name }) => name === 'default-deny')).toEqual({
    name: 'default-deny',
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [],
  });
  const dns = [53, 53];
  expect(portsFrom('api')).toEqual([...dns, 443, 5432, 8080, 9090, 9093]);
  expect(portsFrom('long-jobs')).toEqual([...dns, 443, 5432, 8080]);
  expect(portsFrom('backup')).toEqual([...dns, 443, 5432]);
  expect(portsFrom('gateway')).toEqual([...dns, 6379]);
  expect(portsFrom('redis')).toEqual(dns);
  const [outside] = policies.find(({ name }) => name === 'outside')?.egress ?? [];
  const Outside = z.tuple([z.object({ ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()) }) })]);
  const [{ ipBlock }] = Outside.parse(outside?.to);
  expect(ipBlock.except).toEqual(
    expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']),
  );
});

const IngressSpec = z.looseObject({
  tls: z.array(z.object({ secretName: z.string(), hosts: z.array(z.string()) })),
  rules: z.array(
    z.object({
      host: z.string(),
      http: z.object({
        paths: z.array(
          z.looseObject({
            path: z.string(),
            backend: z.object({ service: z.object({ name: z.string(), port: z.object({ name: z.string() }) }) }),
          }),
        ),
      }),
    }),
  ),
});

test('from outside only Cloudflare comes in, with the certificate of our own zone, to what it may reach', () => {
  const options = named('TLSOption', 'cloudflare');
  expect(options.spec).toMatchObject({
    minVersion: 'VersionTLS12',
    clientAuth: { secretNames: ['origin-pull-ca'], clientAuthType: 'RequireAndVerifyClientCert' },
  });
  const paths = ofKind('Ingress').flatMap(({ metadata, spec }) => {
    expect(metadata.annotations).toMatchObject({
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
      'traefik.ingress.kubernetes.io/router.tls.options': `${options.metadata.namespace}-${options.metadata.name}@kubernetescrd`,
    });
    const { tls, rules } = IngressSpec.parse(spec);
    expect(tls.flatMap(({ hosts }) => hosts).sort()).toEqual(rules.map(({ host }) => host).sort());
    return rules.flatMap(({ host, http }) =>
      http.paths.map(({ path, backend: { service } }) => ({ at: host + path, service })),
    );
  });
  for (const { service } of paths) {
    const { ports } = z
      .looseObject({ ports: z.array(z.looseObject({ name: z.string() })) })
      .parse(named('Service', service.name).spec);
    expect(ports.map(({ name }) => name)).toContain(service.port.name);
  }
  expect(paths.map(({ at, service }) => [at, service.name])).toEqual([
    ['api.honeydue.app/', 'api'],
    ['honeydue.app/', 'api'],
    ['admin.honeydue.app/', 'api'],
    ['origin.honeydue.app/ring', 'long-jobs'],
    ['origin.honeydue.app/', 'api'],
    ['cache.honeydue.app/', 'gateway'],
  ]);
});

test('the API is shown whose certificate it was, and knows by itself whom it may answer', () => {
  const [shown] = ofKind('Middleware');
  expect(shown).toMatchObject({ metadata: { name: 'client-certificate' }, spec: { passTLSClientCert: { pem: true } } });
  expect(named('Ingress', 'api').metadata.annotations).toMatchObject({
    'traefik.ingress.kubernetes.io/router.middlewares': 'honeydue-client-certificate@kubernetescrd',
  });
  const [app] = pod('api').pod.containers;
  const given = Object.fromEntries((app?.env ?? []).map(({ name, valueFrom }) => [name, valueFrom?.secretKeyRef]));
  expect(given).toMatchObject({
    EDGE_SECRETS: { name: 'origin', key: 'EDGE_SECRETS' },
    ORIGIN_PULL_CA: { name: 'origin-pull-ca', key: 'tls.ca' },
  });
  const map = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('origin-'));
  expect(map?.data).toMatchObject({ CALLERS: 'known' });
});
