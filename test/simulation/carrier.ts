import { type Mail, MailError } from '../../domain/mail.ts';
import { type Push, PushError } from '../../domain/push.ts';
import { diceOf } from './dice.ts';
import { nameOf } from './errand.ts';
import type { Process } from './process.ts';
import type { Round } from './round.ts';

/** What somebody is answered who is dead before it can note it. */
const UNHEARD = { message_id: 'never heard' };
/** Of a thousand calls. The rest is carried. */
const FATES = { 'dies before': 10, temporary: 50, permanent: 10, gone: 5, uncertain: 10, unsaid: 10, 'dies after': 10 };
type Fate = keyof typeof FATES;

type Refuse = (kind: 'temporary' | 'permanent' | 'uncertain' | 'gone', retry_after_s: number | null) => Error;

export const carryMail = (round: Round, process: Process, mail: Mail) =>
  carry(
    round,
    process,
    mail,
    (kind, retry_after_s) =>
      new MailError(kind === 'gone' ? 'permanent' : kind, 'The carrier refuses.', { retry_after_s }),
  );

export const carryPush = (round: Round, process: Process, push: Push) =>
  carry(
    round,
    process,
    { message_key: push.message_key, to: push.token, text: '' },
    (kind, retry_after_s) =>
      new PushError(kind, 'The carrier refuses.', { retry_after_s, gone_since: kind === 'gone' ? round.now() : null }),
  );

/**
 * Carries as the world does: some it will take later, some never, of some it does not say, and sometimes whoever hands
 * one over dies over it. What becomes of a call follows from what it is about and its number alone.
 */
async function carry(
  round: Round,
  process: Process,
  letter: Pick<Mail, 'message_key' | 'to' | 'text'>,
  refuse: Refuse,
) {
  const { message_key } = letter;
  const attempt = (round.tries.get(message_key) ?? 0) + 1;
  round.tries.set(message_key, attempt);
  const errand = round.ledger.byEvent.get(Number(message_key.replace('event-', '')));
  const name = errand ? nameOf(errand) : message_key;
  const dice = diceOf(round.seed, 'carrier', name, attempt);
  const fate = round.isOut('carrier') ? 'temporary' : round.isCalm() ? null : fateOf(dice.int(0, 999));
  if (fate) round.count(`carrier: ${fate}`);

  if (fate === 'dies before') {
    process.doom();
    return UNHEARD;
  }
  if (fate && fate in { temporary: 1, permanent: 1, gone: 1, uncertain: 1 })
    throw refused(fate as Parameters<Refuse>[0]);
  round.handOver(letter, errand);
  if (fate === 'unsaid') throw refused('uncertain');
  if (fate === 'dies after') process.doom();
  return { message_id: `m-${message_key}-${attempt}` };

  function refused(kind: Parameters<Refuse>[0]): Error {
    errand?.refused.push(kind);
    if (kind === 'gone' && errand?.kind === 'push') round.lose(errand);
    return refuse(kind, kind === 'temporary' ? dice.pick([null, null, 60, 900, 3600]) : null);
  }
}

function fateOf(number: number): Fate | null {
  let from = 0;
  for (const [fate, share] of Object.entries(FATES)) {
    if (number < from + share) return fate as Fate;
    from += share;
  }
  return null;
}
