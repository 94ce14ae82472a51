import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { ARCHIVE_LATE_S, BACKUP_LATE_S } from '../domain/admin/status.ts';
import { tool } from './alerts/tools.ts';

const ALERTS = 'deploy/alerts';
const textOf = (file: string): string => readFileSync(join(ALERTS, file), 'utf8');
const run = promisify(execFile);
const promtool = (...args: string[]) => run(tool('promtool'), args, { cwd: ALERTS });
const amtool = async (...args: string[]) => (await run(tool('amtool'), args, { cwd: ALERTS })).stdout.trim();

/** On a machine that has none of them they are installed first. */
const INSTALLED_MS = 300_000;
beforeAll(() => {
  for (const name of ['promtool', 'amtool', 'blackbox'] as const) tool(name);
}, INSTALLED_MS);

const Rule = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.object({ severity: z.enum(['page', 'warning']) }),
  annotations: z.object({ summary: z.string(), runbook_url: z.url() }),
});
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) });
const rules = Rules.parse(parse(textOf('rules.yml'))).groups.flatMap((group) => group.rules);

const UNIT_TESTS = ['rules.minutes.test.yml', 'rules.hours.test.yml'];
const Tests = z.object({
  tests: z.array(
    z.object({ alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })) }),
  ),
});

const Board = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({
      title: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string(), refId: z.string() })).min(1),
    }),
  ),
});
const boards = readdirSync(join(ALERTS, 'dashboards')).map((name) =>
  Board.parse(JSON.parse(textOf(join('dashboards', name)))),
);

test.each([
  ['BackupOld', BACKUP_LATE_S],
  ['AuditArchiveLate', ARCHIVE_LATE_S],
])('%s is told when the status page says so', (name, late_s) => {
  const expr = rules.find(({ alert }) => alert === name)?.expr;
  expect(expr).toContain(`> ${late_s / 3600} * 3600`);
});

test('Prometheus, Alertmanager and the prober take their files as they are', async () => {
  await promtool('check', 'rules', 'rules.yml');
  await promtool('check', 'config', '--syntax-only', 'prometheus.yml');
  expect(await amtool('check-config', 'alertmanager.yml')).toContain('SUCCESS');
  const { stderr } = await run(tool('blackbox'), ['--config.check', '--config.file=blackbox.yml'], { cwd: ALERTS });
  expect(stderr).toContain('Config file is ok');
});

test('each alert fires when it should, and not when it should not', async () => {
  await Promise.all(UNIT_TESTS.map((file) => promtool('test', 'rules', file)));
  const checks = UNIT_TESTS.flatMap((file) => Tests.parse(parse(textOf(file))).tests).flatMap(
    (one) => one.alert_rule_test,
  );
  const named = (isFiring: boolean) =>
    checks.filter(({ exp_alerts }) => exp_alerts.length > 0 === isFiring).map(({ alertname }) => alertname);
  const names = rules.map(({ alert }) => alert).sort();
  expect([...new Set(named(true))].sort()).toEqual(names);
  expect([...new Set(named(false))].sort()).toEqual(names);
});

test('a page reaches Slack and a mailbox, a warning Slack alone, and what nobody foresaw is a page', async () => {
  const routeOf = (...labels: string[]) =>
    amtool('config', 'routes', 'test', '--config.file=alertmanager.yml', ...labels);
  const routed = await Promise.all(
    rules.map(async ({ alert, labels: { severity } }) => [
      severity,
      await routeOf(`alertname=${alert}`, `severity=${severity}`),
    ]),
  );
  expect(routed.filter(([severity, receiver]) => severity !== receiver)).toEqual([]);
  expect(await routeOf('alertname=Odd')).toBe('page');
  const Receivers = z.array(z.record(z.string(), z.unknown()));
  const { receivers } = z.object({ receivers: Receivers }).parse(parse(textOf('alertmanager.yml')));
  expect(receivers.map((receiver) => Object.keys(receiver))).toEqual([
    ['name', 'slack_configs', 'email_configs'],
    ['name', 'slack_configs'],
  ]);
});

test('whatever silences another exists, and so does what it silences', () => {
  const Inhibit = z.object({
    inhibit_rules: z.array(z.object({ source_matchers: z.array(z.string()), target_matchers: z.array(z.string()) })),
  });
  const named = Inhibit.parse(parse(textOf('alertmanager.yml'))).inhibit_rules.flatMap((rule) =>
    [...rule.source_matchers, ...rule.target_matchers].flatMap(
      (matcher) => /^alertname=~?"(?<names>.*)"$/.exec(matcher)?.groups?.names?.split('|') ?? [matcher],
    ),
  );
  expect(rules.map(({ alert }) => alert)).toEqual(expect.arrayContaining([...new Set(named)]));
});

test('each alert leads to its entry in the runbook, which says how to tell and what to do', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const entries = new Map(
    [...runbook.matchAll(/^### (\w+)\n([^#]*)/gm)].map(([, name = '', text = '']) => [name, text]),
  );
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook_url).toMatch(new RegExp(`/docs/runbook\\.md#${alert.toLowerCase()}$`));
    for (const part of ['Users:', 'Tell:', 'Do:']) expect(entries.get(alert), alert).toContain(part);
  }
  expect([...entries.keys()].sort()).toEqual(rules.map(({ alert }) => alert).sort());
});

test('rules and dashboards ask for metrics that there are, in expressions that Prometheus reads', async () => {
  const exprs = boards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));
  const plain = exprs.map((expr) =>
    expr.replace(/\$__(rate_interval|range)/g, '5m').replace(/\$(runtime|endpoint)/g, '.*'),
  );
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-exprs-'));
  const file = join(folder, 'exprs.yml');
  writeFileSync(
    file,
    stringify({ groups: [{ name: 'all', rules: plain.map((expr, n) => ({ record: `e${n}`, expr })) }] }),
  );
  const { stdout } = await promtool('check', 'rules', '--lint=none', file);
  rmSync(folder, { recursive: true });
  expect(stdout).toContain(`${exprs.length} rules found`);

  const documented =
    readFileSync('docs/metrics.md', 'utf8')
      .match(/`[a-z_]+`/g)
      ?.map((name) => name.slice(1, -1)) ?? [];
  const known = new Set([...documented, 'up', 'probe_success', 'probe_ssl_earliest_cert_expiry']);
  const unknown = [...plain, ...rules.map(({ expr }) => expr)].flatMap((expr) =>
    namesIn(expr).filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, ''))),
  );
  expect(unknown).toEqual([]);
});

/** The metrics of an expression: names that are neither called, nor labels, nor words of the language. */
function namesIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}/g, '').replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, '');
  return [...bare.matchAll(/\b(?<![\d.])([a-z_]+)\b(?!\s*\()/g)]
    .map(([, name = '']) => name)
    .filter((name) => !['and', 'or', 'unless', 'offset', 'by', 'on', 'm', 'h'].includes(name));
}

test('no panel lies on another', () => {
  for (const { uid, panels } of boards) {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(cells.length, uid).toBe(new Set(cells).size);
    for (const { gridPos, title } of panels) expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
  }
});
