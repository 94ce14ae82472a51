// What no line, span or label may say, in one list. First by the name of a field, then by how secrets look, wherever
// they stand: in the message of an error, in a stack, in an answer of somebody else.

/** Ids of ours and the operator's own words: shown as they are, whatever they look like. */
const SHOWN =
  /^(request_id|trace_id|span_id|parent_id|traceparent|event_id|release|route|sha256|key|object_key|version|version_id|upload_id)$/;
const ERROR_CODE = /^[a-z]+(_[a-z]+)*$/;

const SECRET =
  /pass(word|phrase)?|secret|token|authorization|cookie|api_?key|signature|credential|^(code|otp|totp|pin|digest|private_key|email|mail|to|reply_to|url|href|text|html|title|username|user_agent)$/i;

const HIDDEN = '…';

const LOOKS: readonly [RegExp, string][] = [
  // What Drizzle says beside the text of a query.
  [/\bparams: [\s\S]*$/, `params: ${HIDDEN}`],
  // Key (email)=(ann@example.com): what PostgreSQL says of a row.
  [/\)=\([^)]*\)/g, `)=(${HIDDEN})`],
  // Presigned URLs, links that sign somebody in, calendars.
  [/(https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/g, `$1?${HIDDEN}`],
  [/\b(Bearer|Token|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+/g, HIDDEN],
  [/\bhd_[\w-]{8,}/g, HIDDEN],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  // Keys, tokens of phones and digests: longer than any id of ours.
  [/[\w+=:-]{40,}/g, HIDDEN],
  // Codes: six digits, or eight of a share code's signs.
  [/(?<![\w.-])\d{6}(?![\w.-])/g, HIDDEN],
  [/(?<![\w-])[2-9A-HJKMNP-Z]{8}(?![\w-])/g, HIDDEN],
];

const LONGEST = 4000;
const DEPTH_MAX = 5;

export function redacted(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value, DEPTH_MAX)]));
}

export const withoutSecrets = (text: string): string =>
  LOOKS.reduce((left, [look, instead]) => left.replace(look, instead), text.slice(0, LONGEST));

function shown(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string' && SHOWN.test(name)) return value.slice(0, LONGEST);
  if (name === 'code' && typeof value === 'string' && ERROR_CODE.test(value)) return value;
  if (SECRET.test(name) || depth === 0) return HIDDEN;
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) return value.slice(0, 100).map((one) => shown('', one, depth - 1));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(key, one, depth - 1)]));
  }
  return String(value);
}
