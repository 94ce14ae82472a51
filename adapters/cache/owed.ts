const MOST = 10_000;

export type Owed = {
  add(names: readonly string[]): void;
  has(name: string): boolean;
  settle(names: readonly string[]): void;
};

/** What this process could not tell Redis. After its time it is of no matter: what Redis kept has expired. */
export function newOwed(lasts_ms: number, now: () => number = Date.now): Owed {
  const until = new Map<string, number>();
  /** If it is too much to remember, everything is in doubt. */
  let allUntil = 0;

  return {
    add(names) {
      const end = now() + lasts_ms;
      if (until.size + names.length > MOST) dropPast(until, now());
      if (until.size + names.length > MOST) allUntil = end;
      else for (const name of names) until.set(name, end);
    },
    has: (name) => Math.max(allUntil, until.get(name) ?? 0) > now(),
    settle(names) {
      for (const name of names) until.delete(name);
    },
  };
}

function dropPast(until: Map<string, number>, now: number): void {
  for (const [name, end] of until) if (end <= now) until.delete(name);
}
