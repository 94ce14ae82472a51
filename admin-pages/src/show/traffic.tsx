import { Card, Text, Title } from '@mantine/core';
import type { components } from '../../generated/api';
import { HeardFrom } from './heard';
import { percent } from './percent';
import { SmallTable } from './small-table';

type Counted = { requests: number; errors: number; p95_ms: number | null };

/** The requests of the last hour: how many fail, and how long they take, by route. */
export const Traffic = ({ of }: { of: components['schemas']['AdminStatus']['traffic'] }) => (
  <HeardFrom of={of} title="Requests, last hour" who="Prometheus" setting="PROMETHEUS_URL">
    {({ routes, ...all }) => (
      <>
        <Card withBorder>
          <Title order={2} size="h5" mb="xs">
            Requests, last hour
          </Title>
          <Text size="sm">
            {all.requests.toLocaleString('en')}, of which {shareOf(all)} failed; 95 of 100 were answered within{' '}
            {p95(all)}
          </Text>
        </Card>
        <SmallTable
          title="By route"
          rows={routes}
          keyOf={({ method, endpoint }) => `${method} ${endpoint}`}
          columns={[
            'method',
            'endpoint',
            'requests',
            'errors',
            { name: 'error rate', show: shareOf },
            { name: 'p95', show: p95 },
          ]}
        />
      </>
    )}
  </HeardFrom>
);

const shareOf = ({ requests, errors }: Counted): string => percent(requests > 0 ? errors / requests : 0);

const p95 = ({ p95_ms }: Counted): string => (p95_ms === null ? '–' : `${p95_ms.toLocaleString('en')} ms`);
