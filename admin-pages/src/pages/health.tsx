import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { api } from '../api/client';
import { ageOf } from '../show/age';
import { Facts } from '../show/facts';
import { labelOf } from '../show/label';
import { oldest } from '../show/oldest';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';
import { State } from '../show/state';

const REFRESH_MS = 10_000;

export function Page() {
  const query = api.useQuery('get', '/api/admin/health/', {}, { refetchInterval: REFRESH_MS });
  return (
    <PageBody title="Health" actions={query.data && <State>{query.data.status}</State>}>
      <Shown query={query}>
        {({ parts, status: _, ...versions }) => {
          const { queues, ...queue } = parts.queue;
          return (
            <>
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
                {Object.entries({ ...parts, queue }).map(([name, { state, ...figures }]) => (
                  <Card key={name} withBorder>
                    <Group justify="space-between">
                      <Title order={2} size="h5">
                        {labelOf(name)}
                      </Title>
                      <State>{state}</State>
                    </Group>
                    {Object.entries(figures).map(([figure, value]) => (
                      <Text key={figure} size="sm">
                        {labelOf(figure.replace(/_(ms|s)$/, ''))}:{' '}
                        {typeof value === 'number' ? shown(figure, value) : '–'}
                      </Text>
                    ))}
                  </Card>
                ))}
              </SimpleGrid>
              <Facts of={versions} label="Versions" />
              {queues && (
                <SmallTable
                  title="Queues"
                  rows={Object.entries(queues).map(([name, queue]) => ({ name, ...queue }))}
                  keyOf={({ name }) => name}
                  columns={['name', 'state', 'pending', oldest, 'dead']}
                />
              )}
            </>
          );
        }}
      </Shown>
    </PageBody>
  );
}

function shown(name: string, value: number): string {
  if (name.endsWith('_age_s')) return ageOf(value);
  return name.endsWith('_ms') ? `${Math.round(value)} ms` : value.toLocaleString('en');
}
