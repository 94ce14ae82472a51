import { Code, Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import type { components } from '../../generated/api';
import { api } from '../api/client';
import type { Search } from '../app/router';
import { TraceField } from '../app/trace-field';
import { EntityLink, entityOf } from '../show/entity-link';
import { HeardFrom } from '../show/heard';
import { Instant } from '../show/instant';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';
import { SpanTable } from '../show/span-table';
import { State } from '../show/state';

type Traced = components['schemas']['Traced'];

export function Page() {
  const { id = '' }: Search = useSearch({ strict: false });
  return (
    <PageBody title="A request">
      <TraceField id={id} />
      {id && <Found id={id} />}
    </PageBody>
  );
}

function Found({ id }: { id: string }) {
  const query = api.useQuery('get', '/api/admin/trace/', { params: { query: { id } } });
  return (
    <Shown query={query}>
      {(traced) => (
        <Stack>
          {isEmpty(traced) && <Text>Nothing is kept of it.</Text>}
          <Ids name="Request" of={traced.request_ids} />
          <Ids name="Trace" of={traced.trace_ids} />
          <HeardFrom of={traced.lines} title="Log lines" who="Loki" setting="LOKI_QUERY_URL">
            {(lines) => <Lines of={lines} />}
          </HeardFrom>
          <HeardFrom of={traced.spans} title="Spans" who="Tempo" setting="TEMPO_URL">
            {(spans) => <SpanTable spans={spans} />}
          </HeardFrom>
          <Changes of={traced.audit} />
          <Events of={traced.events} />
        </Stack>
      )}
    </Shown>
  );
}

const Ids = ({ name, of }: { name: string; of: string[] }) =>
  of.length > 0 && (
    <Text size="sm" className="wraps">
      {name} <Code className="wraps">{of.join(', ')}</Code>
    </Text>
  );

const isEmpty = ({ lines, spans, audit, events }: Traced): boolean =>
  [lines.found, spans.found, audit, events].every((found) => !found || found.length === 0);

const Lines = ({ of }: { of: components['schemas']['LogLine'][] }) => (
  <SmallTable
    title="Log lines"
    rows={of.map((line, n) => ({ ...line, n }))}
    keyOf={({ n }) => n}
    columns={[
      at,
      'runtime',
      { name: 'level', show: ({ level }) => <State>{level}</State> },
      'event',
      { name: 'said', show: ({ fields }) => <span className="wraps">{said(fields)}</span> },
    ]}
  />
);

/** Its ids stand above. */
const said = ({ request_id: _, trace_id: __, traceparent: ___, ...fields }: Record<string, unknown>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');

const Changes = ({ of }: { of: Traced['audit'] }) => (
  <SmallTable
    title="Changes"
    rows={of}
    keyOf={({ id }) => id}
    columns={[
      at,
      { name: 'actor', show: ({ actor, actor_type, actor_id }) => actor ?? `${actor_type} #${actor_id}` },
      'action',
      { name: 'target', show: ({ target_type, target_id }) => <Target type={target_type} id={target_id} /> },
      { name: 'changed', show: ({ changed }) => Object.keys(changed ?? {}).join(', ') || '–' },
    ]}
  />
);

function Target({ type, id }: { type: string; id: number }) {
  const entity = entityOf(`${type}_id`);
  return entity ? <EntityLink to={entity} id={id} text={`${type} #${id}`} /> : `${type} #${id}`;
}

const Events = ({ of }: { of: components['schemas']['TracedEvent'][] }) => (
  <SmallTable
    title="Events"
    rows={of}
    keyOf={({ id }) => id}
    columns={[
      { name: 'at', show: ({ created_at }) => <Instant at={created_at} /> },
      { name: 'event', show: ({ id, type }) => <EntityLink to="job" id={id} text={`${type} #${id}`} /> },
      'state',
      'attempts',
      'last_error',
      {
        name: 'told',
        show: ({ deliveries }) =>
          deliveries
            .map(({ channel, device_id, result }) => `${channel}${device_id ? ` #${device_id}` : ''}: ${result}`)
            .join(', ') || '–',
      },
    ]}
  />
);

const at = { name: 'at', show: ({ at }: { at: string }) => <Instant at={at} /> };
