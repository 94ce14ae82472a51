import { civilDate } from '../../domain/dates.ts';
import type { Bell } from '../../domain/event.ts';
import type { Dice } from './dice.ts';
import { diceOf } from './dice.ts';
import type { Errand } from './errand.ts';
import { type Facts, READ_FACTS } from './facts.ts';
import { drawFamily } from './family.ts';
import { makeLedger } from './ledger.ts';
import { makePost } from './post.ts';
import { zoneOf } from './rules.ts';
import type { VirtualDatabase } from './virtual-time.ts';

export type Family = { number: number; user_ids: number[]; facts: Facts; dice: Dice; story: string[] };
export type Round = ReturnType<typeof makeRound>;

const NOBODY: Facts = { people: [], homes: [], members: [], tasks: [], warranties: [], completions: [] };
export const DAY_MS = 86_400_000;

/** Mails with a code may be sent again: they say the same. */
const CODE = /\b\d{6}\b/;
type Letter = { message_key: string; to: string; text: string };

/** Families that share a database, a clock, a scheduler and its luck. Each has a seed of its own. */
export function makeRound(database: VirtualDatabase, seed: number, size: number, start_ms: number, days: number) {
  const dice = diceOf(seed, 'luck');
  const counts = new Map<string, number>();
  const count = (what: string, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by);
  const clock = { true_ms: start_ms, ahead_ms: 0 };
  const now_ms = () => clock.true_ms + clock.ahead_ms;
  const now = () => new Date(now_ms()).toISOString();
  const end_ms = start_ms + days * DAY_MS;
  const calm_ms = end_ms - 2 * DAY_MS;
  const today = civilDate(now(), 'UTC');
  const drawn = Array.from({ length: size }, (_, n) => drawFamily(diceOf(seed + n, 'family'), n + 1, today));
  const families = drawn.map((family, n): Family => {
    const user_ids = family.people.map(({ id }) => id);
    return { number: family.number, user_ids, facts: NOBODY, dice: diceOf(seed + n, 'acts'), story: [] };
  });
  const familyOf = new Map(families.flatMap((family) => family.user_ids.map((id) => [id, family])));
  const note = (user_id: number, line: string) =>
    familyOf.get(user_id)?.story.push(`${now()} ${user_id}: ${line}`) ?? log(line);
  const story: string[] = [];
  const log = (line: string) => void story.push(`${now()} ${line}`);
  const ledger = makeLedger(note);
  const letters = new Map<string, number>();
  const changed = new Set<number>();
  const codes = new Map<string, string>();
  const isCalm = () => clock.true_ms >= calm_ms;

  /** A carrier has taken something. */
  function handOver({ message_key, to, text }: Letter, errand: Errand | undefined): void {
    count('messages sent');
    const family = errand && familyOf.get(errand.entry.user_id);
    if (errand && family) {
      const person = family.facts.people.find(({ id }) => id === errand.entry.user_id);
      ledger.deliver(errand, family.facts, now(), civilDate(now(), person ? zoneOf(person) : 'UTC'));
      return;
    }
    const copies = (letters.get(message_key) ?? 0) + 1;
    letters.set(message_key, copies);
    const [code] = CODE.exec(text) ?? [];
    if (code) codes.set(to, code);
    else if (copies > 1) ledger.breaks(0, `${message_key} was sent ${copies} times`);
  }

  /** A phone is nobody's any more: what is still to go there has nowhere to go. */
  function lose({ device_id, entry }: Errand): void {
    changed.add(entry.user_id);
    for (const errand of ledger.byEvent.values())
      if (errand.device_id === device_id) errand.moot.set(now(), 'the phone is gone');
  }

  async function look(family: Family): Promise<void> {
    const [row] = await database.rows(READ_FACTS, [family.user_ids]);
    family.facts = row.facts;
  }

  return {
    ...{ database, seed, dice, drawn, families, familyOf, ledger, counts, count, log, note, story, codes },
    ...{ clock, now, now_ms, today, start_ms, end_ms, calm_ms, isCalm, handOver, lose, look, changed },
    post: makePost(diceOf(seed, 'post'), count, isCalm),
    tries: new Map<string, number>(),
    /** Events that a consumer has just had, and the last rows that were entered. */
    looked: [] as number[],
    /** Bells of ticks. */
    held: [] as Bell[],
    last: { claim: 0, event: 0 },
    outages: [] as { from_ms: number; to_ms: number; what: string }[],
    isOut(what: 'scheduler' | 'consumers' | 'carrier'): boolean {
      const at = clock.true_ms;
      return this.outages.some((out) => out.from_ms <= at && at < out.to_ms && out.what.includes(what));
    },
  };
}
