import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { addBucket } from './bucket-store.ts';
import { type Configuration, handle } from './handle.ts';
import { openStore } from './open-store.ts';

const IDLE_MS_MAX = 60_000;

type Options = {
  port: number;
  /** Holds all objects; made if it does not exist. One server at a time. */
  folder: string;
  accessKeyId: string;
  secretAccessKey: string;
  region?: string;
  /** Made if missing. */
  buckets: string[];
  /** Who may PUT and GET from a browser. */
  corsOrigins?: string[];
};

/** Starts an S3 server on loopback that is peculiar where Backblaze B2 is. */
export async function startS3(options: Options): Promise<{ url: string; close(): Promise<void> }> {
  const { port, folder, accessKeyId, secretAccessKey, region = 'us-east-005', corsOrigins = [] } = options;
  const store = openStore(folder);
  for (const name of options.buckets) if (!store.buckets.has(name)) await addBucket(store, name);
  const configuration: Configuration = { store, corsOrigins, credentials: { accessKeyId, secretAccessKey, region } };

  const underWay = new Set<Promise<void>>();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const work = handle(configuration, request, response, randomBytes(8).toString('hex'));
    underWay.add(work);
    work.finally(() => underWay.delete(work));
  };
  const server = createServer({ keepAliveTimeout: 5000 });
  server.on('request', serve);
  // Otherwise Node itself would ask for a body that is going to be refused.
  server.on('checkContinue', serve);
  server.setTimeout(IDLE_MS_MAX);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.all(underWay);
    },
  };
}
