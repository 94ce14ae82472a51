import { SimpleGrid, Stack } from '@mantine/core';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { PlanForm } from '../forms/plan-form';
import { UserActs } from '../forms/user-acts';
import { ListLink } from '../list/list-link';
import { EntityLink } from '../show/entity-link';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/users/{id}/', { params: { path: { id } } });
  const mayWrite = useMayWrite();
  const search = { actor_type: 'user', actor_id: String(id) };
  return (
    <PageBody
      title={query.data?.username ?? `User #${id}`}
      actions={<ListLink to="/audit-log" search={search} text="What they did" />}
    >
      <Shown query={query}>
        {({ subscription, homes, sessions, devices, deliveries, usage, ...user }) => (
          <Stack>
            {mayWrite && <UserActs user={user} />}
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <Facts of={user} />
              <Stack>
                <Facts of={{ ...usage, ...subscription }} label="Subscription and usage" />
                {mayWrite && !user.deleted_at && <PlanForm key={user.updated_at} id={id} subscription={subscription} />}
              </Stack>
            </SimpleGrid>
            <SmallTable
              title="Homes"
              rows={homes}
              keyOf={({ residence_id }) => residence_id}
              columns={[
                {
                  name: 'name',
                  show: ({ residence_id, name }) => <EntityLink to="residence" id={residence_id} text={name} />,
                },
                'role',
                'is_paused',
                'deleted_at',
              ]}
            />
            <SmallTable
              title="Sessions"
              rows={sessions}
              keyOf={(session) => session.id}
              columns={['device_name', 'ip', 'user_agent', 'last_used_at', 'created_at']}
            />
            <SmallTable
              title="Devices"
              rows={devices}
              keyOf={(device) => device.id}
              columns={['platform', 'name', 'app_version', 'environment', 'locale', 'registered_at']}
            />
            <SmallTable
              title="Mails and pushes"
              rows={deliveries}
              keyOf={({ event_id, channel, device_id }) => `${event_id} ${channel} ${device_id}`}
              columns={['at', 'channel', 'type', 'result', 'error', 'event_id']}
            />
          </Stack>
        )}
      </Shown>
    </PageBody>
  );
}
