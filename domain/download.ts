import { hmac, isSameMac } from './hmac.ts';

/**
 * What a link in a mail carries: which job's result, and that we gave it out. It is good for as long as the result is
 * there, for whoever has it.
 */
export async function downloadToken(job_id: number, signing_key: string): Promise<string> {
  return `${job_id}.${await hmac(signing_key, `download|${job_id}`)}`;
}

/** The job that a token names, if one of the keys signed it. */
export async function readDownload(token: string, signing_keys: string[]): Promise<number | null> {
  const [, id] = /^([1-9]\d{0,14})\./.exec(token) ?? [];
  if (id === undefined) return null;
  const right = await Promise.all(signing_keys.map((key) => downloadToken(Number(id), key)));
  return right.some((made) => isSameMac(made, token)) ? Number(id) : null;
}
