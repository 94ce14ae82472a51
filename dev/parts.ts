import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startNode } from './child.ts';
import { localVars, startEdge } from './edge.ts';
import { startNeonEndpoint } from './neon-endpoint.ts';
import { startObservatory } from './observatory.ts';
import { answers, type Part } from './part.ts';
import { startApple, TOPIC } from './push/apple.ts';
import { localCertificate } from './push/certificate.ts';
import { startFirebase } from './push/firebase.ts';
import type { Received } from './push/received.ts';
import { startS3 } from './s3/server.ts';
import { startTicks } from './ticks.ts';

/** Made up, and good for this server alone. */
export const S3_KEY = { accessKeyId: 'honeydue-local', secretAccessKey: 'honeydue-local-secret' } as const;
const READY = '/api/health/ready/';

export async function startNeon(port: number, appUrl: string): Promise<Part> {
  const endpoint = await startNeonEndpoint({ port, closeTimeoutMs: 1000 });
  const headers = { 'Neon-Connection-String': appUrl };
  const init = { method: 'POST', headers, body: '{"query":"select 1","params":[]}' };
  const stop = () => endpoint.close();
  await orStop(stop, answers(endpoint.url, undefined, { init }));
  return { address: endpoint.url, stop };
}

export async function startFiles(port: number, folder: string): Promise<Part> {
  const server = await startS3({ port, folder, ...S3_KEY, buckets: ['honeydue'] });
  // It is well if it refuses whoever has no key.
  await orStop(
    server.close,
    answers(server.url, ({ status }) => status === 403),
  );
  return { address: server.url, stop: () => server.close() };
}

export async function startInbox(port: number, log: string): Promise<Part> {
  const manifest = createRequire(import.meta.url).resolve('aws-ses-v2-local/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const cli = join(dirname(manifest), bin['aws-ses-v2-local']);
  const child = startNode([cli, '--host', '127.0.0.1', '--port', String(port)], log);
  const address = `http://127.0.0.1:${port}`;
  await orStop(child.stop, answers(`${address}/health-check`, undefined, child));
  return { address, ...child };
}

/** Keeps every span of both runtimes, and answers for them and for the logs. */
export async function startTraces(port: number, file: string, logs: Record<string, string>): Promise<Served> {
  const { url, stop } = await startObservatory({ port, file, logs });
  await orStop(stop, answers(`${url}/ready`));
  const vars = { OTLP_URL: `${url}/v1/traces`, TRACE_SHARE: '1', TEMPO_URL: url, LOKI_QUERY_URL: url };
  return { address: url, stop, vars };
}

/** What others have to know to be served by a part. */
type Served = Part & { vars: Record<string, string> };

/** Firebase, which also shows what came to both services. */
export async function startFcm(port: number, received: Received[]): Promise<Served> {
  const { options, stop } = await startFirebase(undefined, { port, received });
  const { project_id, service_account, api_url } = options;
  await orStop(stop, answers(`${api_url}/messages`));
  const account = JSON.stringify({ project_id, ...service_account });
  return { address: api_url, stop, vars: { FCM_SERVICE_ACCOUNT: account, FCM_API_URL: api_url } };
}

/** Apple, in whom those believe who are told of its root. */
export async function startApns(port: number, received: Received[], folder: string): Promise<Served> {
  const { key, url, stop } = await startApple(undefined, { port, received });
  const root = join(folder, 'apns-root.pem');
  writeFileSync(root, (await localCertificate()).ca);
  const vars = {
    APNS_TOPIC: TOPIC,
    APNS_TEAM_ID: key.team_id,
    APNS_KEY_ID: key.key_id,
    APNS_PRIVATE_KEY: key.private_key,
    APNS_URL: url,
    APNS_SANDBOX_URL: url,
    NODE_EXTRA_CA_CERTS: root,
  };
  return { address: url, stop, vars };
}

type EdgeOptions = Parameters<typeof startEdge>[0] & { onError: (error: unknown) => void };

export async function startWorker({ onError, ...options }: EdgeOptions): Promise<Part> {
  const edge = await startEdge(options);
  const stopTicks = startTicks(edge.scheduled, onError);
  const stop = async () => {
    stopTicks();
    await edge.close();
  };
  await orStop(stop, answers(edge.url + READY));
  return { address: edge.url, stop };
}

/** Served by the edge's workerd. By this name of the machine a browser keeps its cookie, which wants a secure origin. */
export async function dashboardAt(port: number): Promise<Part> {
  const address = `http://localhost:${port}`;
  await answers(address);
  return { address, stop: async () => {} };
}

/** Restarts by itself when a file that it imports changes. */
export async function startOrigin(
  port: number,
  appUrl: string,
  log: string,
  vars: Record<string, string> = {},
): Promise<Part> {
  const env = { ...localVars(), ...vars, DATABASE_URL: appUrl, PORT: String(port), HOST: '127.0.0.1' };
  const child = startNode(['--watch', '--watch-preserve-output', 'origin/server.ts'], log, env);
  const address = `http://127.0.0.1:${port}`;
  await orStop(child.stop, answers(address + READY, undefined, child));
  return { address, ...child };
}

/** What was started but does not answer must not be left running. */
async function orStop(stop: () => Promise<void>, ready: Promise<void>): Promise<void> {
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
}
