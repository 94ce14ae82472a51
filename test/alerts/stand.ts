import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { endGroup, endWithUs } from '../../dev/guarded.ts';
import { answers } from '../../dev/part.ts';
import { alertmanagerConfig, blackboxConfig, prometheusConfig, shortRules } from './config.ts';
import { SMTP_PASSWORD, startInbox } from './inbox.ts';
import { METRICS_TOKEN, startStandIn } from './stand-in.ts';
import { tool } from './tools.ts';

/** Prometheus, Alertmanager and the prober, with their files of deploy/alerts, between a stand-in and a mailbox. */
export async function startStand() {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-alerts-'));
  const [standIn, inbox] = await Promise.all([startStandIn(), startInbox()]);
  const place = async () => `127.0.0.1:${await getPort()}`;
  const [prometheus, alertmanager, blackbox] = await Promise.all([place(), place(), place()]);
  const { metrics, http, tcp } = standIn;
  const places = { folder, prometheus, alertmanager, blackbox, metrics, http, tcp, smtp: inbox.smtp };
  const files = {
    METRICS_TOKEN,
    SMTP_PASSWORD,
    SLACK_WEBHOOK_URL: inbox.webhook,
    'rules.yml': shortRules(),
    'prometheus.yml': prometheusConfig(places),
    'alertmanager.yml': alertmanagerConfig(places),
    'blackbox.yml': blackboxConfig(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const at = (name: string) => join(folder, name);

  const started: { child: ChildProcess; callOff: () => void }[] = [];
  const start = async (name: 'prometheus' | 'alertmanager' | 'blackbox', address: string, ...flags: string[]) => {
    const log = openSync(at(`${name}.log`), 'a');
    const args = [`--config.file=${at(`${name}.yml`)}`, `--web.listen-address=${address}`, ...flags];
    const child = spawn(tool(name), args, { detached: true, stdio: ['ignore', log, log] });
    if (child.pid === undefined) throw new Error(`${name} does not start.`);
    started.push({ child, callOff: endWithUs(-child.pid) });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await answers(`http://${address}/-/healthy`, undefined, { exited }).catch((cause) => {
      throw new Error(`${name}: ${readFileSync(at(`${name}.log`), 'utf8').slice(-2000)}`, { cause });
    });
  };
  const stop = async () => {
    for (const { child, callOff } of started) {
      await endGroup(child);
      callOff();
    }
    await Promise.all([standIn.stop(), inbox.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([
      start('blackbox', blackbox),
      start('alertmanager', alertmanager, `--storage.path=${at('alertmanager')}`, '--cluster.listen-address='),
    ]);
    await start('prometheus', prometheus, `--storage.tsdb.path=${at('prometheus')}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { standIn, told: inbox.told, stop };
}
