import type { Command } from './command.ts';
import type { Reply } from './reply.ts';

/** One connection to Redis, or to what stands for it, for one request at a time. */
export type Connection = {
  isOpen(): boolean;
  /** All at once and in order. What Redis refuses is a reply; only a lost connection rejects. */
  send(commands: readonly Command[]): Promise<Reply[]>;
  /** As one transaction. An error if Redis would have none of it. */
  transact(commands: readonly Command[]): Promise<Reply[] | Error>;
  /** Until the connection is closed. Answers how many channels it hears, channel by channel. */
  listen(kind: Listening, channels: readonly string[], onMessage: (parts: string[]) => void): Promise<void>;
  onClose(listener: () => void): void;
  close(): void;
};
export type Listening = 'subscribe' | 'psubscribe';

/** Rejects if there is nobody. */
export type Connect = () => Promise<Connection>;
