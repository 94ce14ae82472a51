import type { Heard } from '../domain/observatory.ts';
import type { Log } from './ports.ts';

/** Asks somebody who may not be set up and may not answer: either is said, and the line says why. */
export async function hear<T>(log: Log, part: string, ask: (() => Promise<T>) | undefined): Promise<Heard<T>> {
  if (!ask) return { state: 'not_configured', found: null };
  try {
    return { state: 'ok', found: await ask() };
  } catch (error) {
    log('observatory.unheard', { part, error: String(error) });
    return { state: 'no_answer', found: null };
  }
}
