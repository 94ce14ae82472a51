import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
export const REGION = 'us-east-1';

type Behaviour = (response: ServerResponse) => void;

/** A server that reads a request as SES does, its signature too, and then does what the test wants. */
export async function startSes(behave: Behaviour) {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    bodies.push(JSON.parse(body.toString()));
    if (request.url !== '/v2/email/outbound-emails') return refuse(404, 'NotFoundException', 'No such path')(response);
    if (!isSigned(request, body)) return refuse(403, 'InvalidSignatureException', 'The signature is wrong')(response);
    behave(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, bodies, stop };
}

export const take: Behaviour = (response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end('{"MessageId":"0100018f-aa"}');

/** As SES refuses: the code in a header, the sentence in the body. */
export const refuse =
  (status: number, code: string, message: string, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code, ...headers })
      .end(JSON.stringify({ message }));

export const say =
  (status: number, body: string): Behaviour =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end(body);

export const hang: Behaviour = () => {};
export const hangUp: Behaviour = (response) => void response.socket?.destroy();
export const reset: Behaviour = (response) => void response.socket?.resetAndDestroy();
export const breakOff =
  (status: number): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"mess', () => response.socket?.destroy());
  };

/** Signature version 4, computed from the bytes that came and not by the library that made it. */
function isSigned({ method, url, headers }: IncomingMessage, body: Buffer): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/ses\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, id, day = '', region = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  if (id !== KEYS.accessKeyId || region !== REGION) return false;
  if (!names.split(';').includes('host') || !names.split(';').includes('x-amz-date')) return false;
  const lines = names.split(';').map((name) => `${name}:${one(headers, name)}\n`);
  const canonical = [method, url, '', lines.join(''), names, sha256(body)].join('\n');
  const scope = [day, region, 'ses', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', one(headers, 'x-amz-date'), scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${KEYS.secretAccessKey}`);
  return hmac(key, text).toString('hex') === signature;
}

const one = (headers: IncomingHttpHeaders, name: string): string => String(headers[name] ?? '');
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
