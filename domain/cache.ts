/**
 * What Redis makes better and nothing needs. None of it ever rejects or takes longer than its deadline: while Redis is
 * away a find finds nothing, and the rest is as if it had not been said. What takes something back answers whether it
 * was said: a job may be tried again for it.
 */
export type Cache = {
  /** Whether it may be asked before an answer: at the origin, and not across an ocean. */
  is_near: boolean;
  boards: Boards;
  copies: Copies;
  count: Count;
  /** Whose a session is, as far as this process has learnt: that never changes. */
  owners: Pick<Map<string, number>, 'get' | 'set'>;
  /** How the cache is, asked of it now. */
  check(): Promise<{ state: 'ok' | 'down'; latency_ms: number | null }>;
};

/** Longer than that no board is served, whatever was forgotten or lost. */
export const BOARD_MAX_AGE_S = 300;

/** Boards and lists of a user, as they were sent. What they depend on (address, zone, today) is in their name. */
export type Boards = {
  /** The epoch is what a fill must give back; null: nothing can be filled now. */
  find(user_id: number, name: string): Promise<{ body: string | null; epoch: string | null }>;
  /** Ignored unless the user's epoch is still the one of the find: what was read before a change never covers it. */
  fill(user_id: number, name: string, filled: { epoch: string; body: string }): Promise<void>;
  /** Raises the epochs of whoever may see a change. If it cannot be said, this process remembers that it owes it. */
  raise(user_ids: readonly number[]): Promise<boolean>;
};

/** An answer as it was sent, and when what it says was read: RFC 3339 in UTC with milliseconds. */
export type Copy = { body: string; etag: string; read_at: string };

/** A session that the database has just found valid, by the digest of its token. */
type Seen = { session: string; user_id: number };

export const SESSION_TRUSTED_S = 900;
export const COPY_MAX_AGE_S = 86_400;

/** The last good answers, for the time when no database is to be reached. */
export type Copies = {
  /**
   * Unless there is a newer one, or the user's were forgotten since it was read. Without a body the one that is there is
   * still good, if that is its validator.
   */
  keep(seen: Seen, name: string, copy: Omit<Copy, 'body'> & { body: string | null }): Promise<void>;
  /** Only for a session that was seen within 15 minutes, and after its user's were last forgotten. */
  find(session: string, name: string): Promise<(Copy & { user_id: number }) | null>;
  /**
   * Of users who may no longer see what they saw, or have ended a session: everything from before that moment, and that
   * any session of theirs was seen. If it cannot be said, this process remembers it.
   */
  forget(user_ids: readonly number[], now: string): Promise<boolean>;
};

/** `once`: an id of what is counted; the same is not counted twice in a window. */
type Counted = { window_s: number; by?: number; once?: string };

/** Counts in a window that begins with its first count, for everybody together; null: count for yourself. */
export type Count = (key: string, counted: Counted) => Promise<{ count: number; resets_in_s: number } | null>;
