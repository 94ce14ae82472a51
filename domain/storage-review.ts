import type { FileVersion } from './file.ts';

/** One key, as storage holds it and as a row names it. */
export type Pair = {
  key: string;
  versions: FileVersion[];
  /** `version_id` null: whichever version is there. */
  named: { version_id: string | null; may_be_missing: boolean } | null;
};

/** What has no row may still get one: an upload is claimed within a day. */
const GRACE_MS = 24 * 3_600_000;
/** Beside a version that a row names nothing else is needed, once what was signed or under way is over. */
const BESIDE_GRACE_MS = 3_600_000;
/** Archives, which lie there by themselves. */
const OF_NO_ROW = 'audit/';

/**
 * Versions that nobody needs. Those that were written over a named one are among them: with them gone it is the newest
 * again, and the bucket's rule for old versions spares it.
 */
export function orphansOf({ key, versions, named }: Pair, now: string): FileVersion[] {
  if (key.startsWith(OF_NO_ROW) || (named && named.version_id === null)) return [];
  const before = Date.parse(now) - (named ? BESIDE_GRACE_MS : GRACE_MS);
  return versions.filter(
    ({ version, last_modified }) => version !== named?.version_id && Date.parse(last_modified) < before,
  );
}

/** Whether a row names what storage does not hold. */
export function isMissing({ versions, named }: Pair): boolean {
  if (!named || named.may_be_missing) return false;
  const files = versions.filter(({ is_delete_marker }) => !is_delete_marker);
  return named.version_id === null
    ? !files.some(({ is_latest }) => is_latest)
    : !files.some(({ version }) => version === named.version_id);
}

/** Whether an upload in parts is one that nobody will finish. */
export const isGivenUp = (initiated_at: string, now: string): boolean =>
  Date.parse(initiated_at) < Date.parse(now) - GRACE_MS;
