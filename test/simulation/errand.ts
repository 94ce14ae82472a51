import { type Claim, keyOf } from './rules.ts';

/** How an event stands, as it was last seen. */
export type EventState = {
  id: number;
  attempts: number;
  done_at: string | null;
  is_dead: boolean;
  is_uncertain: boolean;
};

export type Entry = Claim & { claimed_at: string; errands: Errand[] };

/** An event of a claim: its mail, its push to one phone, or that its pushes are addressed to the phones there are. */
export type Errand = {
  entry: Entry;
  kind: 'mail' | 'address' | 'push';
  device_id: number | null;
  /** When the carrier handed it over, and what it said when it did not. */
  delivered: string[];
  refused: ('temporary' | 'permanent' | 'uncertain' | 'gone')[];
  /** A consumer that had it died, or lost an answer of the database. */
  is_shaken: boolean;
  /** The moments at which a consumer came for it and there was nothing to send any more, and why. */
  moot: Map<string, string>;
  state: EventState | null;
};

export const errandOf = (entry: Entry, kind: Errand['kind'], device_id: number | null = null): Errand => {
  const errand: Errand = {
    ...{ entry, kind, device_id, delivered: [], refused: [], is_shaken: false, moot: new Map(), state: null },
  };
  entry.errands.push(errand);
  return errand;
};

export const nameOf = ({ entry, device_id }: Errand): string => `${keyOf(entry)} ${device_id}`;

const LEAST_TRIES = { mail: 12, push: 12, address: 8 };

/** What is wrong with an errand's end, or null: it was done once, or is not done for a reason that somebody can see. */
export function flawOf({ entry, kind, state, delivered, refused, is_shaken, moot }: Errand): string | null {
  if (!state || (state.done_at === null && !state.is_dead)) return 'left waiting';
  if (state.is_uncertain && !is_shaken && !refused.includes('uncertain')) return 'uncertain for no reason';
  if (delivered.length > 0 || state.is_uncertain) return null;
  if (state.is_dead) {
    const isRefused = refused.includes('permanent') || refused.includes('gone');
    return isRefused || state.attempts >= LEAST_TRIES[kind] ? null : 'given up too early';
  }
  if (kind === 'address' || entry.kind === 'notice') return null;
  if (refused.includes('permanent') || refused.includes('gone')) return null;
  return moot.has(state.done_at ?? '') ? null : 'lost';
}
