/** Statements that begin so leave nothing in the session behind, unless one of the words below is in them. */
const LEAVES_NOTHING = /^[\s(]*(?:select|insert|update|delete|with|values|merge)\b/i;

/** Settings, locks, temporary tables, connections: what a query may leave behind. */
const MAY_LEAVE = /set_config|pg_settings|advisory_lock|setseed|dblink|\bpg_temp|\btemp(?:orary)?\b/i;

/**
 * Whether the session must be reset before another request gets it. Judged by the words alone, so that a plain query
 * costs no round trip for it: what a function does out of sight is not seen, and comments in front count as unclear.
 */
export const mayLeaveTraces = (statement: string): boolean =>
  !LEAVES_NOTHING.test(statement) || MAY_LEAVE.test(statement);
