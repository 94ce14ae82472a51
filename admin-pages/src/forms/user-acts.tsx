import { Group } from '@mantine/core';
import { api } from '../api/client';
import { ActButton } from './act-button';
import { DeleteUserButton } from './delete-user-button';

type User = { id: number; is_verified: boolean; is_suppressed: boolean; deleted_at: string | null; email: string };

/** What an operator can do for somebody. */
export function UserActs({ user }: { user: User }) {
  const { id, is_verified, is_suppressed, deleted_at, email } = user;
  const params = { path: { id } };
  const verify = api.useMutation('post', '/api/admin/users/{id}/verify/', { meta: { done: 'Verified.' } });
  const revoke = api.useMutation('post', '/api/admin/users/{id}/revoke-sessions/', {
    meta: { done: 'Signed out everywhere.' },
  });
  const allow = api.useMutation('post', '/api/admin/users/{id}/allow-mail/', { meta: { done: 'Mail is sent again.' } });
  const restore = api.useMutation('post', '/api/admin/users/{id}/restore/', { meta: { done: 'Restored.' } });
  if (deleted_at) {
    return (
      <Group gap="xs" role="group" aria-label="Actions">
        <ActButton
          variant="filled"
          loading={restore.isPending}
          explains="The account comes back, with the homes that went with it. Homes that passed to others stay theirs."
          onAct={() => restore.mutate({ params })}
        >
          Restore
        </ActButton>
      </Group>
    );
  }
  return (
    <Group gap="xs" role="group" aria-label="Actions">
      {!is_verified && (
        <ActButton
          loading={verify.isPending}
          explains={`From then on ${email} counts as theirs.`}
          onAct={() => verify.mutate({ params })}
        >
          Verify
        </ActButton>
      )}
      {is_suppressed && (
        <ActButton
          loading={allow.isPending}
          explains={`Mail to ${email} had bounced. It is sent there again.`}
          onAct={() => allow.mutate({ params })}
        >
          Allow mail
        </ActButton>
      )}
      <ActButton
        loading={revoke.isPending}
        explains="Each of their devices has to sign in again."
        onAct={() => revoke.mutate({ params })}
      >
        Sign out everywhere
      </ActButton>
      <DeleteUserButton id={id} />
    </Group>
  );
}
