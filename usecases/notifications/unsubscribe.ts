import type { Answered } from '../../db/answer.ts';
import { statement } from '../../db/client.ts';
import { actAs, admit, enterAnonymously, expectUnmoved } from '../../db/guard.ts';
import { addEvent } from '../../db/outbox.ts';
import { findSwitch, switchOff } from '../../db/preferences.ts';
import { touchUser } from '../../db/users.ts';
import { readSwitch, type Switch, switchToken } from '../../domain/unsubscribe.ts';
import { nothingHere } from '../ask.ts';
import { NO_ANSWER, write } from '../commit.ts';
import { onceMore } from '../once-more.ts';
import type { Asking, Settings } from '../ports.ts';
import { trip } from '../trip.ts';

/** Where one click, by a person or by their mail program, ends what a mail is one of. */
export const unsubscribeUrl = async ({ public_url, signing_keys }: Settings, of: Switch): Promise<string> =>
  `${public_url}/api/unsubscribe/?t=${await switchToken(of, signing_keys[0])}`;

/** Switches off what a signed link names. Again it changes nothing; whatever is wrong with the link, nothing is there. */
export async function unsubscribe(ctx: Asking, token: string): Promise<Switch> {
  const named = await readSwitch(token, ctx.settings.signing_keys);
  if (!named) throw nothingHere();
  await onceMore(() => once(ctx, named));
  return named;
}

async function once(ctx: Asking, named: Switch): Promise<void> {
  const { db, app_version } = ctx;
  const { user_id } = named;
  const [, answer] = await trip(ctx, [admit(db, app_version, false), findSwitch(db, named)]);
  const found = answer.rows[0]?.found;
  if (!found) throw nothingHere();
  if (!found.is_on) return;
  await write(ctx, enterAnonymously(db, ctx), [
    actAs(db, user_id),
    expectUnmoved(db, { table: 'auth_user', id: user_id, row_version: found.row_version }),
    touchUser(db, user_id),
    switchOff(db, named),
    addEvent(db, { type: 'preferences.updated', user_id }, ctx),
    statement<Answered>(db, NO_ANSWER),
  ]);
}
