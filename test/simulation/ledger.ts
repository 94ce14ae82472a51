import { type Entry, type Errand, errandOf, flawOf } from './errand.ts';
import type { Facts } from './facts.ts';
import {
  type Claim,
  type Due,
  dueDigest,
  dueOnboarding,
  dueTasks,
  dueWarranties,
  isQuietFor,
  keyOf,
  ONCE,
  whyNotSend,
} from './rules.ts';

/** A claim as it came into the database, with what its reader is shown in the app and its event. */
export type NewClaim = Claim & {
  id: number;
  claimed_at: string;
  told_type: string | null;
  is_told: boolean;
  events: number[];
};
export type NewPush = { id: number; reminder_id: number; device_id: number };

export type Ledger = ReturnType<typeof makeLedger>;

/** What consumers claim, because somebody did something: no tick waits for it. */
const UNSCHEDULED = ['welcome', 'notice'];

/** Who was told of what, and every rule that was broken over it. */
export function makeLedger(note: (user_id: number, line: string) => void) {
  const entries = new Map<string, Entry>();
  const byReminder = new Map<number, Entry>();
  const byEvent = new Map<number, Errand>();
  /** The newest stage that was told of, by subject and by subject and channel; the newest digest by reader and channel. */
  const newest = new Map<string, number>();
  const lastDigest = new Map<string, string>();
  const digests = new Map<string, string>();
  const broken: { user_id: number; rule: string }[] = [];
  const breaks = (user_id: number, rule: string) => {
    broken.push({ user_id, rule });
    note(user_id, `BROKEN ${rule}`);
  };

  /** What is to be claimed of a family now, by key: nothing in quiet hours, nothing again, nothing older than was told. */
  function due(facts: Facts, now: string): Map<string, Due> {
    const found = new Map<string, Due>();
    for (const person of facts.people) {
      if (person.is_deleted || isQuietFor(person, now)) continue;
      const welcome = { user_id: person.id, kind: 'welcome', subject_id: 0, date: ONCE, stage: 0 };
      const welcomed_at = entries.get(keyOf({ ...welcome, channel: 'email' }))?.claimed_at ?? null;
      const all = [
        ...dueTasks(facts, person, now),
        ...dueWarranties(facts, person, now),
        ...dueDigest(facts, person, now),
        ...dueOnboarding(facts, person, welcomed_at, now),
      ];
      for (const one of all) {
        const subject = [one.kind, one.user_id, one.subject_id, one.date].join(' ');
        if (one.stage >= (newest.get(subject) ?? Number.POSITIVE_INFINITY)) continue;
        for (const channel of one.channels) found.set(keyOf({ ...one, channel }), one);
      }
    }
    return found;
  }

  function enter(claims: NewClaim[], pushes: NewPush[], expected: Map<string, Due>): void {
    for (const claim of claims) enterOne(claim, expected.get(keyOf(claim)));
    for (const { id, reminder_id, device_id } of pushes) {
      const entry = byReminder.get(reminder_id);
      if (!entry) {
        breaks(0, `a push of reminder ${reminder_id}, which nobody claimed`);
        continue;
      }
      if (entry.errands.some((errand) => errand.device_id === device_id))
        breaks(entry.user_id, `addressed twice: ${keyOf(entry)}`);
      byEvent.set(id, errandOf(entry, 'push', device_id));
    }
  }

  function enterOne({ id, told_type, is_told, events, ...claim }: NewClaim, reason: Due | undefined): void {
    const { user_id, kind, channel, subject_id, date, stage } = claim;
    const key = keyOf(claim);
    note(user_id, `claimed: ${key}`);
    if (entries.has(key)) breaks(user_id, `claimed twice: ${key}`);
    if (!reason && !UNSCHEDULED.includes(kind)) breaks(user_id, `not due: ${key}`);
    const type = channel === 'in_app' ? (reason?.type ?? null) : null;
    if (is_told !== (type !== null) || told_type !== type) breaks(user_id, `told in the app of ${told_type}: ${key}`);
    if (events.length !== (channel === 'in_app' ? 0 : 1)) breaks(user_id, `${events.length} events: ${key}`);
    const entry: Entry = { ...claim, errands: [] };
    entries.set(key, entry);
    byReminder.set(id, entry);
    for (const event_id of events) byEvent.set(event_id, errandOf(entry, channel === 'push' ? 'address' : 'mail'));
    const subject = [kind, user_id, subject_id, date].join(' ');
    for (const of of [subject, `${subject} ${channel}`]) newest.set(of, Math.min(newest.get(of) ?? stage, stage));
    const digest = `${user_id} ${channel}`;
    if (kind === 'digest' && date > (lastDigest.get(digest) ?? '')) lastDigest.set(digest, date);
  }

  /** After a tick that came to its end. */
  function expectAll(expected: Map<string, Due>): void {
    for (const [key, { user_id }] of expected) if (!entries.has(key)) breaks(user_id, `missed: ${key}`);
  }

  /** Why it is not to be sent by now, or null. */
  function whyNot(facts: Facts, { entry, device_id }: Errand, now: string): string | null {
    const { kind, user_id, subject_id, date, stage, channel } = entry;
    const told = newest.get([kind, user_id, subject_id, date, channel].join(' ')) ?? stage;
    if (told < stage || (kind === 'digest' && (lastDigest.get(`${user_id} ${channel}`) ?? date) > date))
      return 'a later one was claimed';
    return whyNotSend(facts, { ...entry, device_id }, now);
  }

  /** The carrier has handed something over, on somebody's local day. */
  function deliver(errand: Errand, facts: Facts, now: string, day: string): void {
    const { user_id, kind, channel } = errand.entry;
    const key = keyOf(errand.entry);
    note(user_id, `sent: ${key}`);
    if (errand.delivered.length > 0) breaks(user_id, `sent twice: ${key}`);
    errand.delivered.push(now);
    const reason = whyNot(facts, errand, now);
    if (reason) breaks(user_id, `sent although ${reason}: ${key}`);
    const person = facts.people.find(({ id }) => id === user_id);
    if (person && isQuietFor(person, now)) breaks(user_id, `sent in quiet hours: ${key}`);
    if (kind !== 'digest') return;
    const place = [user_id, channel, errand.device_id, day].join(' ');
    if (digests.has(place)) breaks(user_id, `second digest of ${day}, after ${digests.get(place)}: ${key}`);
    digests.set(place, key);
  }

  function close(): void {
    for (const errand of byEvent.values()) {
      const flaw = flawOf(errand);
      if (flaw) breaks(errand.entry.user_id, `${flaw}: ${keyOf(errand.entry)} (${errand.kind})`);
    }
  }

  return { byEvent, broken, breaks, due, enter, expectAll, whyNot, deliver, close };
}
