import { ActionIcon, Button, Text } from '@mantine/core';
import { PersonIcon, SignOutIcon } from '@primer/octicons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/client';
import { useMe } from './me';
import { noteSignedIn } from './signed-in';

export function AccountMenu() {
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const logout = api.useMutation('post', '/api/admin/logout/', {
    onSuccess: async () => {
      noteSignedIn(false);
      queries.clear();
      await navigate({ to: '/login' });
    },
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<PersonIcon />}
        aria-label={`Your account: ${me?.admin.name ?? ''}`}
        px="sm"
        visibleFrom="xs"
        renderRoot={(props) => <Link to="/account" {...props} />}
      >
        <Text span size="sm" miw={90} ta="left">
          {me?.admin.name ?? ' '}
        </Text>
      </Button>
      <ActionIcon variant="default" size="lg" aria-label="Sign out" onClick={() => logout.mutate({})}>
        <SignOutIcon />
      </ActionIcon>
    </>
  );
}
