import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

const ALERTS = new URL('../../deploy/alerts/', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, ALERTS), 'utf8');

/** What is left of a minute in a drill. */
const MINUTE_MS = 1500;

/** The rules as they are, but for their durations of minutes: how long a fault lasts, and how far they look back. */
export const shortRules = (): string =>
  textOf('rules.yml').replaceAll(
    /(\[|offset |for: )(\d+)m\b/g,
    (_, what, minutes) => `${what}${minutes * MINUTE_MS}ms`,
  );

export type Places = {
  folder: string;
  prometheus: string;
  alertmanager: string;
  blackbox: string;
  metrics: string;
  http: string[];
  tcp: string[];
  smtp: string;
};

const Scrapes = z.looseObject({
  global: z.looseObject({}),
  scrape_configs: z.array(z.looseObject({ job_name: z.string() })),
});

/** What is read in production from the group is read from these places, each second. */
export function prometheusConfig(places: Places): string {
  const text = textOf('prometheus.yml')
    .replaceAll('blackbox:9115', places.blackbox)
    .replaceAll('alertmanager:9093', places.alertmanager)
    .replaceAll('localhost:9090', places.prometheus)
    .replaceAll('/etc/honeydue/secrets', places.folder);
  const config = Scrapes.parse(parse(text));
  const targets: Record<string, string[]> = { honeydue: [places.metrics], http: places.http, tcp: places.tcp };
  const scrape_configs = config.scrape_configs.map(({ dns_sd_configs, ...job }) => {
    const own = targets[job.job_name];
    return own ? { ...job, static_configs: [{ targets: own }] } : job;
  });
  return stringify({
    ...config,
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs,
  });
}

/** Waits are shortened as the rules are, whose order they keep; mail goes to a mailbox of this machine that speaks no TLS. */
export const alertmanagerConfig = ({ folder, smtp }: Places): string =>
  textOf('alertmanager.yml')
    .replaceAll('/etc/honeydue/secrets', folder)
    .replace(/smtp_smarthost: .*/, `smtp_smarthost: ${smtp}`)
    .replace('smtp_require_tls: true', 'smtp_require_tls: false')
    .replaceAll(
      /group_wait: (\d+)([ms])/g,
      (_, n, unit) => `group_wait: ${(n * MINUTE_MS) / (unit === 's' ? 60 : 1)}ms`,
    )
    .replace('group_interval: 5m', 'group_interval: 1s');

/** It does not know who has signed the certificates of a drill. */
export function blackboxConfig(): string {
  const Modules = z.object({ modules: z.record(z.string(), z.looseObject({ http: z.looseObject({}).optional() })) });
  const { modules } = Modules.parse(parse(textOf('blackbox.yml')));
  const http = { ...modules.http?.http, tls_config: { insecure_skip_verify: true } };
  return stringify({ modules: { ...modules, http: { ...modules.http, http } } });
}
