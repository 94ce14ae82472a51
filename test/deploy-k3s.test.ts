import { spawn } from 'node:child_process';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { hasRedis } from '../dev/redis.ts';
import { named, objects, ofKind, pod, pods } from './k3s/group.ts';
import { violations } from './k3s/policies.ts';
import { containersOf, selects } from './k3s/rendered.ts';
import { faultsOf } from './k3s/schema.ts';

test('every object is what Kubernetes and Traefik understand, and a slip is noticed', () => {
  expect(objects.flatMap(faultsOf)).toEqual([]);
  const slipped = structuredClone(named('Deployment', 'api'));
  const spec = z.looseObject({ replicas: z.unknown(), template: z.looseObject({}) }).parse(slipped.spec);
  expect(faultsOf({ ...slipped, spec: { ...spec, replicas: 'three' } })).toEqual([
    'Deployment api: data/spec/replicas must be integer',
  ]);
  expect(faultsOf({ ...slipped, spec: { ...spec, replica: 3 } })).toEqual([
    'Deployment api: /spec/replica is no field of it',
  ]);
});

test('everything is in its namespace, once, and nothing secret is written down', () => {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names).toEqual([...new Set(names)]);
  const elsewhere = objects.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'honeydue');
  expect(elsewhere).toEqual([]);
  expect(ofKind('Secret')).toEqual([]);
  expect(named('Namespace', 'honeydue').metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test('what runs keeps the rules of the house, and whatever breaks one is named', () => {
  expect(violations(objects)).toEqual([]);
  const text = JSON.stringify(objects);
  for (const [rule, right, wrong, fault] of [
    ['a tag that moves', 'redis:8.2.3-bookworm', 'redis:latest', 'redis: redis runs docker.io/library/redis:latest'],
    ['no tag', 'origin:0.1.0', 'origin', 'api: app runs ghcr.io/honeydue/origin'],
    ['root', '"runAsUser":10001', '"runAsUser":0', 'api: pod: runAsUser: Invalid input: expected 10001'],
    [
      'a file system to write to',
      '"readOnlyRootFilesystem":true',
      '"readOnlyRootFilesystem":false',
      'api: app: readOnlyRootFilesystem: Invalid input: expected true',
    ],
    [
      'capabilities',
      '"drop":["ALL"]',
      '"drop":["NET_RAW"]',
      'api: app: capabilities.drop.0: Invalid input: expected "ALL"',
    ],
    ['no limit', '"limits":{"cpu":"1","memory"', '"limits":{"cpu":"1","storage"', 'api: app has no limit of memory'],
    [
      'a short farewell',
      '"terminationGracePeriodSeconds":60',
      '"terminationGracePeriodSeconds":30',
      'api: app may be killed while it drains',
    ],
  ] as const) {
    expect(text, rule).toContain(right);
    expect(violations(JSON.parse(text.replaceAll(right, wrong))), rule).toContain(fault);
  }
});

test('the API: three, one on each node, two of them whatever is drained, one more while it rolls', () => {
  expect(named('Deployment', 'api').spec).toMatchObject({
    replicas: 3,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  });
  expect(pod('api').pod.topologySpreadConstraints).toMatchObject([
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      nodeTaintsPolicy: 'Honor',
    },
  ]);
  expect(named('PodDisruptionBudget', 'api').spec).toMatchObject({ minAvailable: 2 });
  const [app] = pod('api').pod.containers;
  expect(app).toMatchObject({
    livenessProbe: { httpGet: { path: '/api/health/' } },
    // Not the database: what takes every pod away answers nobody, not even from the last good copies.
    readinessProbe: { httpGet: { path: '/health' } },
  });
  for (const name of ['api', 'long-jobs']) {
    expect(pod(name).pod.initContainers.map(({ command }) => command)).toEqual([['node', 'origin/await-schema.ts']]);
  }
});

test('every selector means somebody, and every name that is used exists', () => {
  const isSomebody = (selector: unknown) => pods.some(({ labels }) => selects(selector, labels));
  const Spec = z.looseObject({ selector: z.unknown().optional(), podSelector: z.unknown().optional() });
  for (const { kind, metadata, spec } of [
    ...ofKind('PodDisruptionBudget'),
    ...ofKind('NetworkPolicy'),
    ...ofKind('Service'),
  ]) {
    const { selector, podSelector } = Spec.parse(spec);
    const meant = kind === 'Service' ? { matchLabels: selector } : (selector ?? podSelector);
    expect(isSomebody(meant), `${kind} ${metadata.name}`).toBe(true);
  }
  for (const one of pods) {
    const workload = z.looseObject({ selector: z.unknown().optional() }).parse(named(one.kind, one.name).spec);
    if (one.kind !== 'CronJob') expect(selects(workload.selector, one.labels), one.name).toBe(true);
    const claims = z
      .looseObject({
        volumeClaimTemplates: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })).default([]),
      })
      .parse(workload);
    const volumes = [...one.pod.volumes, ...claims.volumeClaimTemplates.map(({ metadata }) => metadata)].map(
      ({ name }) => name,
    );
    for (const container of containersOf(one)) {
      expect(volumes, one.name).toEqual(expect.arrayContaining(container.volumeMounts.map(({ name }) => name)));
      for (const { configMapRef } of container.envFrom) named('ConfigMap', configMapRef.name);
      const ports = container.ports.map(({ name }) => name);
      for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
        const { httpGet } = z.looseObject({ httpGet: z.object({ port: z.string() }).optional() }).parse(probe ?? {});
        if (httpGet) expect(ports).toContain(httpGet.port);
      }
    }
  }
});

test('Redis keeps what it has over a restart, and lets go of what is too much', () => {
  const map = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('redis-'));
  const { 'redis.conf': text } = z.object({ 'redis.conf': z.string() }).parse(map?.data);
  const directives = Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[a-z]/.test(line))
      .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
  );
  expect(directives).toMatchObject({ 'maxmemory-policy': 'allkeys-lru', appendonly: 'yes', dir: '/data' });
  const [redis] = pod('redis').pod.containers;
  expect(2 * Number.parseInt(directives.maxmemory ?? '', 10)).toBeLessThanOrEqual(
    Number.parseInt(redis?.resources.limits.memory ?? '', 10),
  );
  expect(named('StatefulSet', 'redis').spec).toMatchObject({
    volumeClaimTemplates: [{ spec: { accessModes: ['ReadWriteOnce'] } }],
  });
});

test.runIf(hasRedis())('the gateway’s user of Redis does everything to data and nothing to the server', async () => {
  const [redis] = pod('redis').pod.containers;
  const [gateway] = pod('gateway').pod.containers;
  const passwords = { REDIS_PASSWORD: 'the-operators', REDIS_GATEWAY_PASSWORD: 'the-gateways' };
  const filled = (text = '') =>
    text.replace(/\$\((\w+)\)/g, (_, name) => z.record(z.string(), z.string()).parse(passwords)[name] ?? '');
  const port = await getPort();
  const server = spawn('redis-server', ['--port', `${port}`, '--save', '', ...(redis?.args ?? []).map(filled)]);
  onTestFinished(() => void server.kill());
  const { value = '' } = gateway?.env.find(({ name }) => name === 'REDIS_URL') ?? {};
  const client = new Redis(filled(value).replace('@redis:6379', `@127.0.0.1:${port}`));
  onTestFinished(() => client.disconnect());
  client.on('error', () => {}); // until it listens
  expect(await client.eval(`redis.call('SET', 'a', '1') return redis.call('GET', 'a')`, 0)).toBe('1');
  await expect(client.config('GET', 'maxmemory')).rejects.toThrow('NOPERM');
  await expect(client.acl('LIST')).rejects.toThrow('NOPERM');
  await expect(client.shutdown()).rejects.toThrow('NOPERM');
  const nobody = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
  nobody.on('error', () => {});
  onTestFinished(() => nobody.disconnect());
  await expect(nobody.get('a')).rejects.toThrow('NOAUTH');
});

test('all of it fits on two of the three nodes', () => {
  const NODES = { cpu: 2 * 2000, memory: 2 * 3300 };
  const cpu = (text: string) => (text.endsWith('m') ? Number.parseInt(text, 10) : Number(text) * 1000);
  const mebibytes = (text: string) => Number.parseFloat(text) * (text.endsWith('Gi') ? 1024 : 1);
  const sum = (of: (requests: Record<string, string>) => number) =>
    pods.reduce(
      (all, { replicas, pod: { containers } }) =>
        all + replicas * containers.reduce((n, { resources }) => n + of(resources.requests), 0),
      0,
    );
  expect(sum(({ cpu: text = '' }) => cpu(text))).toBeLessThan(NODES.cpu);
  expect(sum(({ memory: text = '' }) => mebibytes(text))).toBeLessThan(NODES.memory);
});
