import { Group, SimpleGrid, Stack } from '@mantine/core';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { ActButton } from '../forms/act-button';
import { ListLink } from '../list/list-link';
import { BoardOf } from '../show/board';
import { EntityLink } from '../show/entity-link';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/residences/{id}/', { params: { path: { id } } });
  const mayWrite = useMayWrite();
  const search = { residence_id: String(id) };
  return (
    <PageBody title={query.data?.name ?? `Residence #${id}`}>
      <Shown query={query}>
        {({ members, counts, ...home }) => (
          <Stack>
            <Group gap="xs">
              <ListLink to="/tasks" search={search} text={`Tasks (${counts.tasks})`} />
              <ListLink to="/completions" search={search} text={`Completions (${counts.completions})`} />
              <ListLink to="/contractors" search={search} text={`Contractors (${counts.contractors})`} />
              <ListLink to="/documents" search={search} text={`Documents (${counts.documents})`} />
              <ListLink to="/audit-log" search={search} text="Audit log" />
              {mayWrite && <Acts id={id} isPaused={home.is_paused} isDeleted={home.deleted_at !== null} />}
            </Group>
            {!home.deleted_at && <BoardOf id={id} members={members} />}
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <Facts of={home} />
              <Stack>
                <SmallTable
                  title="Members"
                  rows={members}
                  keyOf={({ user_id }) => user_id}
                  columns={[
                    {
                      name: 'username',
                      show: ({ user_id, username }) => <EntityLink to="user" id={user_id} text={username} />,
                    },
                    'email',
                    'role',
                    'joined_at',
                  ]}
                />
              </Stack>
            </SimpleGrid>
          </Stack>
        )}
      </Shown>
    </PageBody>
  );
}

function Acts({ id, isPaused, isDeleted }: { id: number; isPaused: boolean; isDeleted: boolean }) {
  const params = { path: { id } };
  const pause = api.useMutation('post', '/api/admin/residences/{id}/pause/', { meta: { done: 'Paused.' } });
  const resume = api.useMutation('post', '/api/admin/residences/{id}/resume/', { meta: { done: 'Resumed.' } });
  const restore = api.useMutation('post', '/api/admin/residences/{id}/restore/', { meta: { done: 'Restored.' } });
  if (isDeleted) {
    return (
      <ActButton
        variant="filled"
        explains="The home comes back with all that is in it."
        onAct={() => restore.mutate({ params })}
      >
        Restore
      </ActButton>
    );
  }
  return isPaused ? (
    <ActButton key="resume" explains="Its members are reminded again." onAct={() => resume.mutate({ params })}>
      Resume
    </ActButton>
  ) : (
    <ActButton
      key="pause"
      explains="Nobody is reminded of anything until it is resumed."
      onAct={() => pause.mutate({ params })}
    >
      Pause
    </ActButton>
  );
}
