import 'reflect-metadata';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import * as x509 from '@peculiar/x509';

export const METRICS_TOKEN = 'a token for a drill and for nothing else';
const DAY_S = 86_400;
const DAY_MS = 1000 * DAY_S;
const now_s = () => Date.now() / 1000;

/** What is to be said of honeyDue; all of it well. */
const well = () => ({
  answers: true,
  requests_per_s: 100,
  failing: 0.001,
  slow: 0.01,
  failovers_per_s: 0,
  dropped_per_s: 0,
  outbox_oldest_s: 2,
  dead_letters: 0,
  database_up: true,
  migrations_missing: 0,
  backup_at: now_s() - DAY_S / 2,
  archive_at: now_s() - DAY_S / 2,
  archive_broken: 0,
});
export type Condition = ReturnType<typeof well>;

/** Stands where pods, the public address, its certificate and a part of the group do. */
export async function startStandIn() {
  const condition = well();
  const counted = { ok: 0, failed: 0, fast: 0, failovers: 0, dropped: 0, at: now_s() };
  const site = { is_up: true };

  function metrics(): string {
    const since = now_s() - counted.at;
    const requests = since * condition.requests_per_s;
    counted.at += since;
    counted.ok += requests * (1 - condition.failing);
    counted.failed += requests * condition.failing;
    counted.fast += requests * (1 - condition.slow);
    counted.failovers += since * condition.failovers_per_s;
    counted.dropped += since * condition.dropped_per_s;
    const { ok, failed, fast, failovers, dropped } = counted;
    const route = 'runtime="edge",method="GET",endpoint="/api/tasks"';
    const of_requests = [
      `http_requests_total{${route},status="200"} ${ok}`,
      `http_requests_total{${route},status="500"} ${failed}`,
      `http_request_duration_seconds_bucket{${route},le="1"} ${fast}`,
      `http_request_duration_seconds_bucket{${route},le="2.5"} ${ok + failed}`,
      `http_request_duration_seconds_bucket{${route},le="+Inf"} ${ok + failed}`,
      // The first of its kind makes the series.
      ...(failovers > 0 ? [`failover_total{runtime="edge",reason="timeout"} ${failovers}`] : []),
      `telemetry_dropped_total{runtime="edge",sink="logs"} ${dropped}`,
      `database_up ${Number(condition.database_up)}`,
    ];
    const of_database = [
      `outbox_oldest_seconds{queue="mail"} ${condition.outbox_oldest_s}`,
      `dead_letters{queue="mail"} ${condition.dead_letters}`,
      'schema_expected 20',
      `schema_applied ${20 - condition.migrations_missing}`,
      `backup_last_success_timestamp_seconds ${condition.backup_at}`,
      `audit_archive_last_success_timestamp_seconds ${condition.archive_at}`,
      `audit_archive_broken ${condition.archive_broken}`,
    ];
    return `${[...of_requests, ...(condition.database_up ? of_database : [])].join('\n')}\n`;
  }

  const pod = await listening(
    createHttp((request, response) => {
      const isKnown = request.headers.authorization === `Bearer ${METRICS_TOKEN}`;
      response.writeHead(condition.answers ? (isKnown ? 200 : 401) : 500, { 'content-type': 'text/plain' });
      response.end(condition.answers && isKnown ? metrics() : '');
    }),
  );
  const answer: RequestListener = (_request, response) => response.writeHead(site.is_up ? 200 : 503).end();
  const origin = await listening(createHttp(answer));
  const secure = createHttps(await certificate(90), answer);
  const edge = await listening(secure);
  let part = await listening(createTcp((socket) => socket.end()));
  const { port } = part;

  return {
    condition,
    site,
    metrics: `127.0.0.1:${pod.port}`,
    http: [`http://127.0.0.1:${origin.port}/api/health/`, `https://127.0.0.1:${edge.port}/api/health/`],
    tcp: [`127.0.0.1:${port}`],
    heal() {
      Object.assign(condition, well());
      site.is_up = true;
    },
    async renew(days: number) {
      secure.setSecureContext(await certificate(days));
      secure.closeAllConnections();
    },
    async takeAway() {
      await part.stop();
    },
    async bringBack() {
      part = await listening(
        createTcp((socket) => socket.end()),
        port,
      );
    },
    stop: () => Promise.all([pod, origin, edge, part].map((one) => one.stop())),
  };
}

async function listening(server: Server, at = 0) {
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise((resolve) => (server.listening ? server.close(resolve) : resolve(undefined)));
  return { port, stop };
}

/** Of our own hand, for so many days. */
async function certificate(days: number): Promise<{ key: string; cert: string }> {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=honeyDue',
    keys,
    signingAlgorithm,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`, cert: made.toString('pem') };
}
