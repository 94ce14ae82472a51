import { AsyncLocalStorage } from 'node:async_hooks';
import { diceOf } from './dice.ts';

const present = new AsyncLocalStorage<{ seed: number; now(): string }>();
const random = Math.random;
/** What fails is tried again after a random pause: in a round the same at the same moment, whoever asks first. */
Math.random = () => {
  const round = present.getStore();
  return round ? diceOf(round.seed, 'pause', round.now()).next() : random();
};

export const withLuck = <T>(round: { seed: number; now(): string }, live: () => Promise<T>): Promise<T> =>
  present.run(round, live);
