import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { components } from '../../generated/api';
import { ageOf } from './age';
import { Unheard } from './heard';
import { labelOf } from './label';
import { Moment } from './moment';
import { percent } from './percent';
import { State } from './state';

type Status = components['schemas']['AdminStatus'];

/** Each part, and what must happen by itself. */
export function Parts({ of: { parts, failover, backup, audit_archive } }: { of: Status }) {
  const { queues: _, ...queue } = parts.queue;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
      {Object.entries({ ...parts, queue }).map(([name, { state, ...figures }]) => (
        <Part key={name} name={name} state={state}>
          {Object.entries(figures).map(([figure, value]) => (
            <Text key={figure} size="sm">
              {labelOf(figure.replace(/_(ms|s)$/, ''))}: {typeof value === 'number' ? shown(figure, value) : '–'}
            </Text>
          ))}
        </Part>
      ))}
      <Failover of={failover} />
      {Object.entries({ backup, audit_archive }).map(([name, { state, at }]) => (
        <Part key={name} name={name} state={state}>
          <Text size="sm">Last: {at ? <Moment at={at} /> : 'never'}</Text>
        </Part>
      ))}
    </SimpleGrid>
  );
}

function Failover({ of: { state, found } }: { of: Status['failover'] }) {
  return (
    <Part name="failover" state={found ? (found.share ? 'taking_over' : 'ok') : state}>
      <Unheard state={state} who="Prometheus" setting="PROMETHEUS_URL" />
      {found && (
        <>
          <Text size="sm">Served by the origin, 5 min: {found.share === null ? '–' : percent(found.share)}</Text>
          <Text size="sm">
            Last in 24 h: {found.last_at ? <Moment at={found.last_at} /> : 'none'}
            {found.last_reason && `, ${found.last_reason}`}
          </Text>
        </>
      )}
    </Part>
  );
}

function Part({ name, state, children }: { name: string; state: string; children: ReactNode }) {
  return (
    <Card withBorder>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h5">
          {labelOf(name)}
        </Title>
        <State>{state}</State>
      </Group>
      {children}
    </Card>
  );
}

function shown(name: string, value: number): string {
  if (name.endsWith('_age_s')) return ageOf(value);
  return name.endsWith('_ms') ? `${Math.round(value)} ms` : value.toLocaleString('en');
}
