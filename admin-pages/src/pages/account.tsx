import { Button, Stack } from '@mantine/core';
import { api } from '../api/client';
import { useMe } from '../app/me';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';

/** Where one is signed in oneself. */
export function Page() {
  const me = useMe();
  const query = api.useQuery('get', '/api/admin/sessions/');
  const end = api.useMutation('delete', '/api/admin/sessions/{id}/', { meta: { done: 'Signed out there.' } });
  return (
    <PageBody title="Your sessions">
      <Shown query={query}>
        {({ results }) =>
          me && (
            // Together: whichever came later would move the other.
            <Stack>
              <Facts of={{ ...me.admin, confirmed_until: me.confirmed_until, expires_at: me.expires_at }} />
              <SmallTable
                title="Where you are signed in"
                rows={results}
                keyOf={({ id }) => id}
                columns={[
                  'ip',
                  'user_agent',
                  'last_used_at',
                  'created_at',
                  {
                    name: 'action',
                    show: ({ id, is_current }) =>
                      is_current ? (
                        'This one'
                      ) : (
                        <Button size="xs" variant="default" onClick={() => end.mutate({ params: { path: { id } } })}>
                          Sign out
                        </Button>
                      ),
                  },
                ]}
              />
            </Stack>
          )
        }
      </Shown>
    </PageBody>
  );
}
