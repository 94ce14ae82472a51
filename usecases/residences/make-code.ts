import { addCode, codeWritten, deleteStandingCode, isDrawnTwice, packageWritten } from '../../db/share-codes.ts';
import { type NewShareCode, newShareCode } from '../../domain/share-code.ts';
import { type Change, commit, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Makes the home's standing code, in the place of the one that it had. */
export const makeStandingCode = (ctx: Context, residence_id: number, input: NewShareCode): Promise<Written> =>
  makeCode(ctx, residence_id, (code) => ({
    changes: [
      deleteStandingCode(ctx.db, residence_id),
      addCode(ctx.db, { ...input, residence_id, code, one_time: false }),
    ],
    answer: codeWritten,
  }));

/** Makes a code that is good once, with what a `.honeydue` file says beside it. */
export const makeSharePackage = (ctx: Context, residence_id: number, input: NewShareCode): Promise<Written> =>
  makeCode(ctx, residence_id, (code) => ({
    changes: [addCode(ctx.db, { ...input, residence_id, code, one_time: true })],
    answer: packageWritten(`${ctx.settings.public_url}/api/residences/join/`),
  }));

type WithCode = (code: string) => Pick<Change, 'changes' | 'answer'>;

/** Two homes may draw the same code once in a long while: whoever comes second draws again. */
async function makeCode(ctx: Context, residence_id: number, withCode: WithCode): Promise<Written> {
  const make = () =>
    commit(ctx, {
      guard: { residence_id, roles: ['owner'] },
      ...withCode(newShareCode()),
      event: { type: 'residence.code_made', residence_id },
      status: 201,
    });
  try {
    return await make();
  } catch (error) {
    if (!isDrawnTwice(error)) throw error;
    return await make();
  }
}
