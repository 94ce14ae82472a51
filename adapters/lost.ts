/** No connection came about. Node says so; workerd gives one sentence for that and for a connection lost later. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_(SSL|TLS)_)|CERT/;

/** Why a fetch had no answer, and whether it is sure that nobody heard the question. */
export function lossOf(error: unknown): { reason: string; isUnsent: boolean } {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return { reason: code || String(error), isUnsent: NEVER_SENT.test(code) };
}
