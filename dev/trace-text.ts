import type { LogLine } from '../domain/observatory.ts';
import type { Traced, TracedEvent, TraceSpan } from '../domain/trace.ts';

type Node = { at: string; kind: string; text: string; children: Node[] };

/** What was found, as a tree in the order of time: in each span what it did, said, changed and left behind. */
export function treeOf({ lines, spans, audit, events }: Pick<Traced, 'lines' | 'spans' | 'audit' | 'events'>): Node[] {
  const top: Node[] = [];
  const placed: { span: TraceSpan; node: Node }[] = [];
  for (const span of spans.found ?? []) {
    const node = { at: span.at, kind: 'span', text: spanText(span), children: [] };
    (placed.findLast(({ span: { span_id } }) => span_id === span.parent_id)?.node.children ?? top).push(node);
    placed.push({ span, node });
  }
  const of = (isIt: (attributes: TraceSpan['attributes']) => unknown): Node[] | undefined =>
    placed.findLast(({ span }) => isIt(span.attributes))?.node.children;
  const ofRequest = (id: unknown) =>
    of((attributes) => attributes['honeydue.request_id'] === id && attributes['http.route'] !== undefined);
  const ofAttempt = ({ event_id, attempts }: LogLine['fields']) =>
    event_id === undefined
      ? undefined
      : of((attributes) => attributes['honeydue.event_id'] === event_id && attributes['honeydue.attempt'] === attempts);

  for (const line of lines.found ?? []) {
    const node = { at: line.at, kind: 'line', text: lineText(line), children: [] };
    (ofAttempt(line.fields) ?? ofRequest(line.fields.request_id) ?? top).push(node);
  }
  for (const { at, actor_type, actor_id, actor, action, target_type, target_id, request_id, changed } of audit) {
    const who = actor_id === null ? actor_type : `${actor_type} #${actor_id}${actor ? ` (${actor})` : ''}`;
    const fields = changed ? `: ${Object.keys(changed).join(', ')}` : '';
    const text = `${who} ${action} ${target_type} #${target_id}${fields}`;
    (ofRequest(request_id) ?? top).push({ at, kind: 'audit', text, children: [] });
  }
  for (const event of events) (ofRequest(event.request_id) ?? top).push(eventNode(event));
  return inTime(top);
}

/** One line each, those that lie in another further to the right. */
export const textOf = (nodes: Node[], depth = 0): string[] =>
  nodes.flatMap(({ at, kind, text, children }) => [
    `${at.slice(11, 23).padEnd(12)}  ${kind.padEnd(5)}  ${'  '.repeat(depth)}${text}`,
    ...textOf(children, depth + 1),
  ]);

function eventNode({ id, type, state, attempts, last_error, created_at, deliveries }: TracedEvent): Node {
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return {
    at: created_at,
    kind: 'event',
    text: `#${id} ${type}: ${state}, ${tries}${last_error && state !== 'done' ? `, ${last_error}` : ''}`,
    children: deliveries.map(({ at, channel, device_id, user_id, result, error }) => ({
      at,
      kind: 'sent',
      text: `${channel} to user #${user_id}${device_id ? `, device #${device_id}` : ''}: ${result}${error ? `, ${error}` : ''}`,
      children: [],
    })),
  };
}

function spanText({ name, runtime, ms, error, attributes }: TraceSpan): string {
  const told = [
    'http.response.status_code',
    'honeydue.event_id',
    'honeydue.attempt',
    'honeydue.result',
    'failover.reason',
  ]
    .filter((key) => attributes[key] !== undefined)
    .map((key) => `${key.split('.').at(-1)} ${attributes[key]}`);
  return [`${name} · ${ms.toFixed(1)} ms`, runtime ?? '', ...told, error ? `error ${error}` : '']
    .filter(Boolean)
    .join(' · ');
}

/** Its ids stand above the tree. */
const KNOWN = /^(request_id|trace_id|traceparent)$/;

function lineText({ event, level, fields }: LogLine): string {
  const told = Object.entries(fields)
    .filter(([name, value]) => !KNOWN.test(name) && value !== null && value !== undefined)
    .map(
      ([name, value]) => `${name}=${typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value)}`,
    );
  return [level === 'error' ? `${event} (error)` : event, ...told].join(' ');
}

const inTime = (nodes: Node[]): Node[] =>
  nodes.map((node) => ({ ...node, children: inTime(node.children) })).sort((a, b) => a.at.localeCompare(b.at));
