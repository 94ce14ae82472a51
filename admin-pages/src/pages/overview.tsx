import { Card, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { api } from '../api/client';
import { oldest } from '../show/oldest';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';

const REFRESH_MS = 30_000;
const CHART_HEIGHT = 230;
// Drawing takes more code than all the rest: the figures do not wait for it.
const PerDay = lazy(() => import('../show/charts').then(({ PerDay }) => ({ default: PerDay })));
const ByResult = lazy(() => import('../show/charts').then(({ ByResult }) => ({ default: ByResult })));

export function Page() {
  const query = api.useQuery('get', '/api/admin/overview/', {}, { refetchInterval: REFRESH_MS });
  return (
    <PageBody title="Overview">
      <Shown query={query}>
        {({ users, residences, completions, queues, deliveries, contact_messages }) => {
          const pending = queues.reduce((sum, { pending }) => sum + pending, 0);
          const dead = queues.reduce((sum, { dead }) => sum + dead, 0);
          const done = completions.per_day.reduce((sum, { count }) => sum + count, 0);
          return (
            <Stack>
              <SimpleGrid cols={{ base: 2, md: 3, xl: 6 }}>
                <Figure name="Users" value={users.total} to="/users" />
                <Figure name="Homes" value={residences.total} to="/residences" />
                <Figure name="Tasks done, 90 days" value={done} to="/completions" />
                <Figure name="Jobs waiting" value={pending} to="/jobs" />
                <Figure name="Dead letters" value={dead} to="/dead-letters" />
                <Figure name="New messages" value={contact_messages.new} to="/contact-messages" />
              </SimpleGrid>
              <SimpleGrid cols={{ base: 1, lg: 2 }}>
                <Chart title="Tasks done a day">
                  <PerDay name="Tasks done" days={completions.per_day} color="honey" />
                </Chart>
                <Chart title="New users a day">
                  <PerDay name="New users" days={users.per_day} color="blue" />
                </Chart>
                <Chart title="New homes a day">
                  <PerDay name="New homes" days={residences.per_day} color="teal" />
                </Chart>
                <Chart title="Mails, 30 days">
                  <ByResult of={deliveries.filter(({ channel }) => channel === 'email')} />
                </Chart>
                <Chart title="Pushes, 30 days">
                  <ByResult of={deliveries.filter(({ channel }) => channel === 'push')} />
                </Chart>
                <SmallTable
                  title="Jobs by queue"
                  rows={queues}
                  keyOf={({ queue }) => queue}
                  columns={['queue', 'pending', oldest, 'dead']}
                />
              </SimpleGrid>
            </Stack>
          );
        }}
      </Shown>
    </PageBody>
  );
}

function Figure({ name, value, to }: { name: string; value: number; to: string }) {
  return (
    <Card withBorder component={Link} to={to}>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fz={28} fw={700} lh={1.3}>
        {value.toLocaleString('en')}
      </Text>
    </Card>
  );
}

function Chart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      <Suspense fallback={<Skeleton h={CHART_HEIGHT} />}>{children}</Suspense>
    </Card>
  );
}
