import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { ActButton } from '../forms/act-button';
import { SettingsForm } from '../forms/settings-form';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { State } from '../show/state';

export function Page() {
  const query = api.useQuery('get', '/api/admin/settings/');
  const mayWrite = useMayWrite();
  return (
    <PageBody title="Settings">
      <Shown query={query}>
        {(settings) =>
          mayWrite ? (
            <Stack>
              <ReadOnlySwitch isOn={settings.is_read_only} />
              <SettingsForm key={JSON.stringify(settings)} settings={settings} />
            </Stack>
          ) : (
            <Facts of={settings} />
          )
        }
      </Shown>
    </PageBody>
  );
}

function ReadOnlySwitch({ isOn }: { isOn: boolean }) {
  const turn = api.useMutation('patch', '/api/admin/settings/', {
    meta: { done: isOn ? 'Users can write again.' : 'Users can’t write any more.' },
  });
  return (
    <Card withBorder>
      <Group justify="space-between">
        <div>
          <Group gap="xs">
            <Title order={2} size="h5">
              Read-only switch
            </Title>
            <State>{isOn ? 'on' : 'off'}</State>
          </Group>
          <Text size="sm" c="dimmed">
            While it is on, users’ writes are answered 503; reading and the dashboard go on.
          </Text>
        </div>
        <ActButton
          color="danger"
          variant={isOn ? 'filled' : 'outline'}
          loading={turn.isPending}
          explains={isOn ? 'Users can write again at once.' : 'No user can write anything until it is turned off.'}
          onAct={() => turn.mutate({ body: { is_read_only: !isOn } })}
        >
          {isOn ? 'Turn it off' : 'Turn it on'}
        </ActButton>
      </Group>
    </Card>
  );
}
