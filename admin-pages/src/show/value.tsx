import { Code, Text } from '@mantine/core';
import { EntityLink, entityOf } from './entity-link';
import { Json } from './json';
import { labelOf } from './label';
import { Moment } from './moment';
import { RequestLink } from './request-link';
import { State } from './state';

const STATES = ['state', 'status', 'result', 'tier', 'action', 'kanban_column', 'text_status', 'role'];
const CODES = ['ip', 'address', 'sha256', 'traceparent', 'user_agent'];
const IS_MOMENT = /^\d{4}-\d\d-\d\dT/;

/** A field's value as people read it: by what kind it is, and by its name. */
export function Value({ name, value }: { name: string; value: unknown }) {
  if (value === null || value === undefined || value === '') return <Nothing />;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return <NumberOf name={name} value={value} />;
  if (typeof value === 'string') return <TextOf name={name} value={value} />;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || <Nothing />;
  return <Json value={value} label={labelOf(name)} />;
}

function NumberOf({ name, value }: { name: string; value: number }) {
  const entity = entityOf(name);
  if (entity) return <EntityLink to={entity} id={value} />;
  return name === 'id' || name.endsWith('_id') ? `#${value}` : value.toLocaleString('en');
}

function TextOf({ name, value }: { name: string; value: string }) {
  if (IS_MOMENT.test(value)) return <Moment at={value} />;
  if (name === 'request_id') return <RequestLink id={value} />;
  if (STATES.includes(name)) return <State>{value}</State>;
  if (CODES.includes(name)) return <Code className="wraps">{value}</Code>;
  return <span className="wraps">{value}</span>;
}

const Nothing = () => (
  <Text span c="dimmed" aria-label="nothing" role="img">
    –
  </Text>
);
