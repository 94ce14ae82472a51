import type { Failure, Leased } from '../db/leases.ts';
import { AppError } from '../domain/errors.ts';
import { MailError } from '../domain/mail.ts';
import { PushError } from '../domain/push.ts';
import type { Policy } from './job.ts';

const FIRST_RETRY_S = 5;
const LONGEST_RETRY_S = 3600;
const MAX_ERROR_LENGTH = 2000;

/** An act that did not end in time. Whatever it waited for may still happen. */
export class TooLate extends Error {}

/** Nothing was tried: its time has not come. */
export class PutOff extends Error {
  readonly pause_s: number;
  constructor(message: string, pause_s: number) {
    super(message);
    this.name = 'PutOff';
    this.pause_s = pause_s;
  }
}

/** What becomes of an event that failed. Whoever refused it may ask for a longer pause. */
export function fateOf(leased: Leased, error: unknown, { max_attempts }: Policy, is_uncertain: boolean): Failure {
  const { event_id, attempts } = leased;
  const isOver = attempts >= max_attempts || isPermanent(error);
  const pause_s = error instanceof PutOff ? error.pause_s : Math.min(pauseOf(error), LONGEST_RETRY_S);
  const retry_s = isOver ? null : Math.max(retryAfter(attempts), pause_s);
  return { event_id, attempts, error: textOf(error), retry_s, is_uncertain };
}

/** Doubles, and spreads over half of itself so that what failed together does not return together. */
export const retryAfter = (attempts: number): number => {
  const longest = Math.min(FIRST_RETRY_S * 2 ** (attempts - 1), LONGEST_RETRY_S);
  return Math.ceil(longest / 2 + (Math.random() * longest) / 2);
};

const isRefusal = (error: unknown) => error instanceof MailError || error instanceof PushError;

export const isUncertain = (error: unknown): boolean =>
  error instanceof TooLate || (isRefusal(error) && error.kind === 'uncertain');

const isPermanent = (error: unknown): boolean =>
  isRefusal(error) && (error.kind === 'permanent' || error.kind === 'gone');

function pauseOf(error: unknown): number {
  if (isRefusal(error)) return error.retry_after_s ?? 0;
  return error instanceof AppError ? (error.details.retry_after_s ?? 0) : 0;
}

/** As PostgreSQL takes it: no NUL, and no half of a character at the cut. */
export const textOf = (error: unknown): string =>
  String(error).replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH).toWellFormed();
