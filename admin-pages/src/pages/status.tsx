import { Stack } from '@mantine/core';
import { api } from '../api/client';
import { TraceField } from '../app/trace-field';
import { Alerts } from '../show/alerts';
import { Facts } from '../show/facts';
import { Moment } from '../show/moment';
import { oldest } from '../show/oldest';
import { PageBody } from '../show/page';
import { Parts } from '../show/parts';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';
import { State } from '../show/state';
import { Traffic } from '../show/traffic';

const REFRESH_MS = 10_000;

export function Page() {
  const query = api.useQuery('get', '/api/admin/status/', {}, { refetchInterval: REFRESH_MS });
  return (
    <PageBody title="Status" actions={query.data && <State>{query.data.status}</State>}>
      <TraceField />
      <Shown query={query}>
        {(status) => (
          <Stack>
            <Alerts of={status.alerts} />
            <Parts of={status} />
            <Traffic of={status.traffic} />
            {status.parts.queue.queues && (
              <SmallTable
                title="Queues"
                rows={Object.entries(status.parts.queue.queues).map(([name, queue]) => ({ name, ...queue }))}
                keyOf={({ name }) => name}
                columns={['name', 'state', 'pending', oldest, 'dead']}
              />
            )}
            <SmallTable
              title="Releases"
              rows={status.deployments}
              keyOf={({ at }) => at}
              columns={['release', { name: 'since', show: ({ at }) => <Moment at={at} /> }]}
            />
            <Facts of={status} only={['release', 'runtime', 'database_version']} label="Versions" />
          </Stack>
        )}
      </Shown>
    </PageBody>
  );
}
