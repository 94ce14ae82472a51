import type { Errand, EventState } from './errand.ts';
import { type Gate, inTurns } from './in-turns.ts';
import type { NewClaim, NewPush } from './ledger.ts';
import type { Round } from './round.ts';
import type { Due } from './rules.ts';

const READ_NEWS = `
  with events as materialized (
    select id::int, event ->> 'type' as type, (event ->> 'reminder_id')::int as reminder_id, (event ->> 'device_id')::int as device_id
    from outbox where id > $2 and event ->> 'type' in ('reminder.claimed', 'push.claimed', 'push.addressed')
  ), claims as (
    select r.id::int, r.user_id::int, r.kind, r.subject_id::int, r.subject_date::text as date, r.stage, r.channel,
      hd_moment(r.claimed_at) as claimed_at, n.type as told_type, n.id is not null as is_told, coalesce(e.ids, '[]') as events
    from notifications_reminder r left join notifications_notification n on n.reminder_id = r.id
    left join (
      select reminder_id, json_agg(id order by id) as ids from events where device_id is null group by reminder_id
    ) e on e.reminder_id = r.id
    where r.id > $1 order by r.id
  ), states as (
    select id::int, attempts, hd_moment(done_at) as done_at, dead_at is not null as is_dead, uncertain_at is not null as is_uncertain
    from outbox where id = any ($3::bigint[])
  )
  select coalesce((select json_agg(c) from claims c), '[]') as claims, coalesce((select json_agg(s) from states s), '[]') as states,
    coalesce((select json_agg(e order by e.id) from events e where e.device_id is not null), '[]') as pushes,
    coalesce((select max(id) from outbox), 0)::int as last_event`;

type SomeNews = { claims: NewClaim[]; pushes: NewPush[]; states: EventState[]; last_event: number };

/** Runs processes in turns, and enters what has come of it. */
export async function settle(round: Round, running: ((gate: Gate) => Promise<void>)[], expected: Map<string, Due>) {
  await inTurns(round.dice, running);
  const { last, looked, ledger, database } = round;
  const [news]: SomeNews[] = await database.rows(READ_NEWS, [last.claim, last.event, looked]);
  if (!news) throw new Error('No news at all.');
  round.looked = [];
  round.last = { claim: news.claims.at(-1)?.id ?? last.claim, event: news.last_event };
  round.count('claims', news.claims.length);
  ledger.enter(news.claims, news.pushes, expected);
  for (const state of news.states) {
    const errand = ledger.byEvent.get(state.id);
    if (!errand) continue;
    if (errand.kind === 'address' && state.done_at !== null && !errand.state?.done_at) expectPhones(round, errand);
    errand.state = state;
  }
  for (const user_id of round.changed) {
    const family = round.familyOf.get(user_id);
    if (family) await round.look(family);
  }
  round.changed.clear();
}

/** What was addressed just now was addressed to every phone there is. */
function expectPhones(round: Round, { entry }: Errand): void {
  const person = round.familyOf.get(entry.user_id)?.facts.people.find(({ id }) => id === entry.user_id);
  const phones = person?.devices.length ?? 0;
  const pushes = entry.errands.filter(({ kind }) => kind === 'push').length;
  if (pushes !== phones && !round.changed.has(entry.user_id))
    round.ledger.breaks(entry.user_id, `addressed to ${pushes} of ${phones} phones: ${entry.kind} ${entry.subject_id}`);
}
