import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import getPort from 'get-port';
import { onTestFinished } from 'vitest';
import { startS3 } from '../../dev/s3/server.ts';

export const KEYS = { accessKeyId: '005c0ffee0000000000000001', secretAccessKey: 'K005local/secret+with/signs' };
export const REGION = 'us-east-005';
export const BUCKET = 'home-files';

/** A client as the project uses it: our region, no retries of its own. */
export const client = (more: Partial<ConstructorParameters<typeof AwsClient>[0]> = {}) =>
  new AwsClient({ ...KEYS, service: 's3', region: REGION, retries: 0, ...more });

/** A temporary folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-s3-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a server of the test's own, and makes what speaks to its one bucket. */
export async function startLocal(options: { folder?: string; corsOrigins?: string[] } = {}) {
  const folder = options.folder ?? temporaryFolder();
  const port = await getPort();
  const { corsOrigins = [] } = options;
  const server = await startS3({ ...KEYS, port, folder, buckets: [BUCKET], corsOrigins });
  onTestFinished(() => server.close());
  return { ...server, ...speaker(server.url), folder, port };
}

/** Requests to one server: signed in the headers, presigned, and as raw bytes. */
export function speaker(url: string) {
  const aws = client();
  const at = (path: string) => `${url}/${BUCKET}${path}`;
  return {
    aws,
    at,
    send: (path: string, init: RequestInit = {}) => aws.fetch(at(path), init),
    async presign(path: string, init: RequestInit = {}, expires = 300) {
      const target = new URL(at(path));
      target.searchParams.set('X-Amz-Expires', String(expires));
      const { method, headers } = init;
      const shape = { ...(method && { method }), ...(headers && { headers }) };
      return (await aws.sign(target.href, { ...shape, aws: { signQuery: true, allHeaders: true } })).url;
    },
  };
}

/** Writes bytes to a port and reads until the other side hangs up, or `until` has come. */
export function raw(port: number, bytes: string, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until?.test(text)) socket.destroy();
    });
    socket.on('error', (error) => {
      const isHangUp = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (!isHangUp) reject(error);
    });
    socket.on('close', () => resolve(text));
  });
}

/** The head of a request, as bytes, for a signed URL. */
export function head(method: string, url: string, headers: Record<string, string>): string {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** The text of the first element with that name. */
export const element = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

/** The texts of all elements with that name. */
export const elements = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text);

/** Status and code of a refusal. */
export async function refusal(response: Response): Promise<string> {
  return `${response.status} ${element(await response.text(), 'Code')}`;
}

export const md5 = (data: string | Uint8Array) => createHash('md5').update(data).digest('hex');
export const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
export const contentMd5 = (data: string | Uint8Array) => createHash('md5').update(data).digest('base64');
