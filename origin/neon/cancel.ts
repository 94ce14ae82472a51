import { type Client, Connection } from 'pg';

const TIMEOUT_MS = 2000;

// Both are in pg but not in its types.
type Target = Client & { processID: number; secretKey: number };
type Caller = Connection & {
  connect(port: number, host: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
};

/**
 * Asks PostgreSQL to stop whatever runs on this connection: a request of its own on a new socket, which also passes
 * proxies that `pg_cancel_backend` does not. Resolves when the server has taken it; no answer says whether it helped.
 */
export function cancelRunning(client: Client): Promise<void> {
  const { host, port, processID, secretKey, ssl } = client as Target;
  const caller = new Connection({ ssl }) as Caller;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => caller.stream.destroy(new Error('cancel request timed out')), TIMEOUT_MS);
    caller.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    caller.on('error', reject);
    caller.once('connect', () => (ssl ? caller.requestSsl() : caller.cancel(processID, secretKey)));
    caller.once('sslconnect', () => caller.cancel(processID, secretKey));
    caller.connect(port, host);
  });
}
