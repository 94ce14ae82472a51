import { admit } from '../../db/guard.ts';
import { findJobFile, findLinkedFile, type JobFile } from '../../db/long-job-lists.ts';
import { readDownload } from '../../domain/download.ts';
import { PRESIGNED_SECONDS_MAX } from '../../domain/file.ts';
import { ask, nothingHere } from '../ask.ts';
import type { Asking, Context } from '../ports.ts';
import { trip } from '../trip.ts';

/** A URL at storage of what the caller's job has made. */
export async function linkToResult(ctx: Context, job_id: number): Promise<string> {
  const [row] = await ask<[{ found: JobFile }]>(ctx, findJobFile(ctx.db, ctx.who, job_id));
  return await linkTo(ctx, row?.found);
}

/** The same for whoever has the link that was mailed. */
export async function linkFromMail(ctx: Asking, token: string): Promise<string> {
  const job_id = await readDownload(token, ctx.settings.signing_keys);
  if (job_id === null) throw nothingHere();
  const [, found] = await trip(ctx, [admit(ctx.db, ctx.app_version, false), findLinkedFile(ctx.db, job_id)]);
  return await linkTo(ctx, found.rows[0]?.found);
}

async function linkTo({ files }: Pick<Asking, 'files'>, file: JobFile | undefined): Promise<string> {
  if (!file) throw nothingHere();
  const { object_key: key, version_id: version, filename } = file;
  return await files.presignGet({
    key,
    version,
    filename,
    disposition: 'attachment',
    expires_s: PRESIGNED_SECONDS_MAX,
  });
}
