import type { Statement } from '../../db/client.ts';
import { findFormerAddress, forgetFormerAddress } from '../../db/email-changes.ts';
import { emailChanged } from '../../domain/mails/account.ts';
import type { Worker } from '../../usecases/ports.ts';
import { mailNotice } from './mail-notice.ts';

/** Tells the address that an account had before, by which it knows the account; then forgets it. */
export async function tellFormerAddress(worker: Worker, event_id: number, user_id: number): Promise<Statement[]> {
  const told = await mailNotice(worker, event_id, findFormerAddress(worker.db, event_id), ({ email }) =>
    emailChanged({ username: email }),
  );
  return [...told, forgetFormerAddress(worker.db, user_id)];
}
