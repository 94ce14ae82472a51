import { Badge, Card, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '../api/client';
import type { Search } from '../app/router';
import { EntityLink } from './entity-link';
import { Shown } from './shown';

type Member = { user_id: number; username: string; role: string };

/** A home's board, as one of its members sees it; who, is in the address. */
export function BoardOf({ id, members }: { id: number; members: Member[] }) {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const viewer = Number(search.seen_by) || undefined;
  const query = api.useQuery(
    'get',
    '/api/admin/residences/{id}/board/',
    { params: { path: { id }, query: viewer ? { user_id: viewer } : {} } },
    { placeholderData: keepPreviousData },
  );
  const owner = members.find(({ role }) => role === 'owner');
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          Board
        </Title>
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {query.data && `${query.data.today}, ${query.data.zone}`}
          </Text>
          <NativeSelect
            aria-label="As seen by"
            data={members.map(({ user_id, username, role }) => ({
              value: String(user_id),
              label: `As ${username} sees it (${role})`,
            }))}
            value={String(viewer ?? owner?.user_id ?? '')}
            onChange={({ currentTarget }) =>
              navigate({
                to: '.',
                search: (before) => ({ ...before, seen_by: currentTarget.value }),
                resetScroll: false,
              })
            }
          />
        </Group>
      </Group>
      <Shown query={query}>
        {({ columns }) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
          <section aria-label="Columns" tabIndex={0} style={{ overflowX: 'auto' }}>
            <Group align="flex-start" wrap="nowrap" pb="sm">
              {columns.map(({ name, display_name, color, count, tasks }) => (
                <Stack key={name} gap="xs" w={220} style={{ flexShrink: 0, borderTop: `3px solid ${color}` }} pt={6}>
                  <Group justify="space-between" wrap="nowrap">
                    <Text fw={600} size="sm">
                      {display_name}
                    </Text>
                    <Badge variant="default">{count}</Badge>
                  </Group>
                  {tasks.map((task) => (
                    <Card key={task.id} withBorder p="xs" className="wraps">
                      <EntityLink to="task" id={task.id} text={task.title} />
                      <Text size="xs" c="dimmed">
                        {task.effective_date ?? 'No date'}
                      </Text>
                    </Card>
                  ))}
                </Stack>
              ))}
            </Group>
          </section>
        )}
      </Shown>
    </Card>
  );
}
