import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { named, ofKind, pod, pods } from './k3s/group.ts';
import { selects } from './k3s/rendered.ts';

const Service = z.object({
  selector: z.record(z.string(), z.string()),
  ports: z.array(z.looseObject({ port: z.int(), targetPort: z.string() })),
});
const serviceNamed = (name: string) => Service.parse(named('Service', name).spec);
const Targets = z.object({
  scrape_configs: z.array(
    z.looseObject({
      static_configs: z.array(z.object({ targets: z.array(z.string()) })).default([]),
      dns_sd_configs: z.array(z.object({ names: z.array(z.string()), port: z.int() })).default([]),
    }),
  ),
});
const scrapes = Targets.parse(parse(readFileSync('deploy/alerts/prometheus.yml', 'utf8'))).scrape_configs;

test('Prometheus reads and probes what there is in the group, on the ports where it listens', () => {
  const probed = scrapes.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets));
  const discovered = scrapes.flatMap(({ dns_sd_configs }) =>
    dns_sd_configs.flatMap(({ names, port }) => names.map((name) => `${name}:${port}`)),
  );
  const within = [...probed, ...discovered]
    .map((target) => new URL(target.includes('://') ? target : `tcp://${target}`))
    .filter(({ hostname }) => hostname !== 'localhost' && !hostname.endsWith('.app'));
  expect(within.map(({ hostname }) => hostname.split('.')[0]).sort()).toEqual([
    'alertmanager',
    'api',
    'blackbox',
    'gateway',
    'metrics',
    'redis',
  ]);
  for (const { hostname, port } of within) {
    const [name = '', namespace = 'honeydue'] = hostname.split('.');
    expect(namespace).toBe('honeydue');
    expect(
      serviceNamed(name).ports.map((one) => one.port),
      name,
    ).toContain(Number(port || 80));
  }
});

test('whoever counts has a port for it, and nobody else comes there', () => {
  const { selector, ports } = serviceNamed('metrics');
  const counting = pods.filter(({ labels }) => selects({ matchLabels: selector }, labels));
  expect(counting.map(({ name }) => name).sort()).toEqual(['api', 'long-jobs']);
  for (const { name, pod: made } of counting) {
    const listening = made.containers.flatMap((container) => container.ports);
    expect(listening, name).toContainEqual(expect.objectContaining({ name: 'metrics', containerPort: ports[0]?.port }));
  }
  const Policy = z.looseObject({
    podSelector: z.unknown(),
    ingress: z.array(z.object({ from: z.array(z.unknown()), ports: z.array(z.object({ port: z.int() })) })).default([]),
  });
  const ways = ofKind('NetworkPolicy')
    .map(({ spec }) => Policy.parse(spec))
    .flatMap(({ ingress }) => ingress.filter((way) => way.ports.some(({ port }) => port === ports[0]?.port)));
  expect(ways.map(({ from }) => from)).toEqual([
    [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } }],
  ]);
});

test('the files of deploy/alerts are those that the pods read', () => {
  for (const [name, files] of [
    ['prometheus', ['prometheus.yml', 'rules.yml']],
    ['alertmanager', ['alertmanager.yml']],
    ['blackbox', ['blackbox.yml']],
  ] as const) {
    const Mounted = z.looseObject({ configMap: z.object({ name: z.string() }) });
    const mounted = pod(name).pod.volumes.flatMap((volume) => Mounted.safeParse(volume).data?.configMap.name ?? []);
    expect(mounted).toEqual([expect.stringMatching(`^${name}-`)]);
    const { data } = named('ConfigMap', mounted[0] ?? '');
    expect(data).toEqual(
      Object.fromEntries(files.map((file) => [file, readFileSync(`deploy/alerts/${file}`, 'utf8')])),
    );
    const [container] = pod(name).pod.containers;
    expect(container?.args.join(' ')).toContain(`--config.file=/etc/${name}/${name}.yml`);
  }
});
