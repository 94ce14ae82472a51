const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NOBODYS = /^0+$/;

/** Where in a trace somebody stands (W3C Trace Context). */
export type Place = { trace_id: string; span_id: string; is_sampled: boolean };

/** Null for what is no traceparent of version 00. */
export function placeOf(traceparent: string | null): Place | null {
  const [, trace_id = '0', span_id = '0', flags = '0'] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (NOBODYS.test(trace_id) || NOBODYS.test(span_id)) return null;
  return { trace_id, span_id, is_sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** How others are told of it. */
export const traceparentOf = ({ trace_id, span_id, is_sampled }: Place): string =>
  `00-${trace_id}-${span_id}-${is_sampled ? '01' : '00'}`;

/** A span of the caller's trace, or the first of one of our own. */
export function enter(traceparent: string | null, share: number): Place {
  const above = placeOf(traceparent);
  return above ? spanUnder(above) : newTrace(share);
}

/** A span of the same trace. */
export const spanUnder = (place: Place): Place => ({ ...place, span_id: randomSpan() });

/** A trace of our own. It says itself whether it is one of the share that is kept, so that all who join it agree. */
export function newTrace(share: number): Place {
  const trace_id = randomTrace();
  return { trace_id, span_id: randomSpan(), is_sampled: isChosen(trace_id, share) };
}

const RANDOM_DIGITS = 12;

/** The same answer wherever it is asked: the last digits of an id are random by the standard. */
export const isChosen = (trace_id: string, share: number): boolean =>
  Number.parseInt(trace_id.slice(-RANDOM_DIGITS), 16) < share * 16 ** RANDOM_DIGITS;

// Node draws the bits of UUIDs in advance: ten times as fast as asking for bytes. All but six of a UUID's are random.
const randomTrace = (): string => crypto.randomUUID().replaceAll('-', '');
const randomSpan = (): string => randomTrace().slice(-16);
