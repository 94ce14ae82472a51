import pLimit from 'p-limit';
import type { Connect, Connection } from './connection.ts';
import { orAborted } from './deadline.ts';
import { Failure } from './failure.ts';

const MAX_WAITING = 1000;

export type Pool = {
  /** Lends a connection to nobody else until the work is done. If the signal comes first, the connection is closed. */
  use<T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): void;
};

/** Opens connections as they are needed, and keeps up to as many as may be. */
export function newPool(connect: Connect, size: number): Pool {
  const idle = new Set<Connection>();
  const limit = pLimit(size);

  const open = async (): Promise<Connection> => {
    const connection = await connect().catch((cause) => {
      throw new Failure(503, 'UNAVAILABLE Redis is away', { cause });
    });
    connection.onClose(() => idle.delete(connection));
    return connection;
  };

  const lend = async <T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const connection = takeFrom(idle) ?? (await open());
    const cut = () => connection.close();
    signal.addEventListener('abort', cut, { once: true });
    try {
      signal.throwIfAborted();
      const result = await work(connection);
      if (connection.isOpen()) idle.add(connection);
      return result;
    } catch (error) {
      connection.close();
      throw error instanceof Failure ? error : new Failure(503, 'UNAVAILABLE Redis went away', { cause: error });
    } finally {
      signal.removeEventListener('abort', cut);
    }
  };

  return {
    async use(signal, work) {
      if (limit.pendingCount >= MAX_WAITING) throw new Failure(503, 'UNAVAILABLE too many requests wait for Redis');
      return await orAborted(
        signal,
        limit(() => lend(signal, work)),
      );
    },
    close() {
      for (const connection of idle) connection.close();
    },
  };
}

/** The one that was used last: the others may rest until they are closed. */
function takeFrom(idle: Set<Connection>): Connection | undefined {
  const connection = [...idle].at(-1);
  if (connection) idle.delete(connection);
  return connection;
}
