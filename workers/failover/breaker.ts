const FAILURES_TO_OPEN = 3;
const HALF_OPEN_AFTER_MS = 5000;

type Options = {
  now: () => number;
  /** What three have waited for so long, while nothing came back to anybody, hangs. */
  patience_ms: number;
  /** Whoever began longer ago says no more how it went: Cloudflare ends a request whose client has hung up. */
  lasts_ms: number;
  onTurn(isOpen: boolean): void;
};

/** `neither`: it says nothing about the path, which it has not gone. */
type Ending = 'good' | 'bad' | 'neither';
/** To be called with how it went. */
export type Try = (ending: Ending) => void;
export type Breaker = {
  /**
   * Asks to go this way; null: it is closed to whoever asks now. `may_probe`: it does no harm if this one fails, and it is
   * quick where nothing hangs.
   */
  begin(may_probe: boolean): Try | null;
};

/**
 * Opens after three failures in a row, and lets one request try each 5 s whether the path is back. Nobody waits for what
 * another request finds out, as they do with cockatiel's: on Workers a request may end without its promises settling.
 */
export function newBreaker({ now, patience_ms, lasts_ms, onTurn }: Options): Breaker {
  let failures = 0;
  let opened_at: number | null = null;
  let probed_at: number | null = null;
  let good_at = 0;
  /** Tries of an earlier turn say nothing of this one. */
  let turn = 0;
  const waiting = new Map<object, number>();

  const change = (isOpen: boolean): void => {
    turn += 1;
    failures = 0;
    probed_at = null;
    waiting.clear();
    opened_at = isOpen ? now() : null;
    onTurn(isOpen);
  };

  const hangs = (): boolean => {
    for (const [one, began] of waiting) if (began < now() - lasts_ms) waiting.delete(one);
    const late = [...waiting.values()].filter((began) => Math.max(began, good_at) <= now() - patience_ms);
    return late.length >= FAILURES_TO_OPEN;
  };

  const goOn = (is_quick: boolean): Try => {
    const [began_in, one] = [turn, {}];
    if (is_quick) waiting.set(one, now());
    return (ending) => {
      waiting.delete(one);
      if (began_in !== turn || ending === 'neither') return;
      if (ending === 'good') [failures, good_at] = [0, now()];
      else if (++failures >= FAILURES_TO_OPEN) change(true);
    };
  };

  const probe = (): Try => {
    const began_in = turn;
    probed_at = now();
    return (ending) => {
      if (began_in !== turn) return;
      probed_at = null;
      if (ending === 'good') change(false);
      else if (ending === 'bad') opened_at = now();
    };
  };

  return {
    begin(may_probe) {
      if (opened_at === null && hangs()) change(true);
      if (opened_at === null) return goOn(may_probe);
      const isProbed = probed_at !== null && probed_at >= now() - lasts_ms;
      return may_probe && !isProbed && now() - opened_at >= HALF_OPEN_AFTER_MS ? probe() : null;
    },
  };
}
