import RedisMock from 'ioredis-mock';
import type { Command } from '../origin/gateway/command.ts';
import type { Connect, Connection } from '../origin/gateway/connection.ts';
import type { Reply } from '../origin/gateway/reply.ts';

/** Redis in this process, where none is installed: the most common of its commands, and integers up to 2^53. */
export const mockConnections =
  (name: string): Connect =>
  async () => {
    const mock = new RedisMock({ host: name });
    let isOpen = true;
    const connection: Connection = {
      isOpen: () => isOpen,
      send: async (commands) => await Promise.all(commands.map((command) => call(mock, command))),
      // A mock does all that it is told at once: nobody comes in between.
      transact: async (commands) => await Promise.all(commands.map((command) => call(mock, command))),
      async listen(kind, channels, onMessage) {
        mock.on('message', (channel, message) => onMessage(['message', channel, message]));
        mock.on('pmessage', (pattern, channel, message) => onMessage(['pmessage', pattern, channel, message]));
        await mock[kind](...channels);
      },
      onClose: (listener) => void mock.once('end', listener),
      close() {
        isOpen = false;
        // It would go on listening.
        void Promise.all([mock.unsubscribe(), mock.punsubscribe()]).then(() => mock.disconnect());
      },
    };
    return connection;
  };

/** Where a command has options that the mock knows in capitals only: from which argument to which. */
const OPTIONS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  SET: [2, 9],
  LINSERT: [1, 2],
  ZADD: [1, 2],
};

/** As bytes where the mock can, or else as it is. */
async function call(mock: object, command: Command): Promise<Reply> {
  const { name } = command;
  const [from, to] = OPTIONS[name] ?? [0, 0];
  const args = command.args.map((word, at) => (from <= at && at < to ? String(word).toUpperCase() : word));
  const small = name.toLowerCase();
  const method: unknown = Reflect.get(mock, `${small}Buffer`) ?? Reflect.get(mock, small);
  if (typeof method !== 'function') return new Error(`ERR unknown command '${small}'`);
  try {
    return replyOf(await Reflect.apply(method, mock, args));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function replyOf(value: unknown): Reply {
  if (value === null || value === undefined || value === false) return null; // a script's false
  if (Buffer.isBuffer(value) || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map(replyOf);
  if (typeof value === 'number') return { digits: String(value) };
  if (typeof value === 'object') return Object.entries(value).flat().map(replyOf);
  return Buffer.from(String(value));
}
