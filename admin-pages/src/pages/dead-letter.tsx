import { Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { ActButton } from '../forms/act-button';
import { RetryLikeButton } from '../forms/retry-like-button';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

/** What the errors of one cause have in common is how they begin. */
const ERROR_LENGTH = 80;

export function Page() {
  const id = useId();
  const params = { path: { id } };
  const query = api.useQuery('get', '/api/admin/dead-letters/{id}/', { params });
  const navigate = useNavigate();
  const mayWrite = useMayWrite();
  const retry = api.useMutation('post', '/api/admin/dead-letters/{id}/retry/', {
    meta: { done: 'Sent again.', leaves: true },
    onSuccess: () => navigate({ to: '/jobs/$id', params: { id: String(id) } }),
  });
  const letter = query.data;
  const buttons = letter && mayWrite && (
    <Group gap="xs">
      {letter.state === 'dead' && (
        <RetryLikeButton type={letter.type} error={letter.last_error?.slice(0, ERROR_LENGTH)} />
      )}
      <ActButton
        variant="filled"
        loading={retry.isPending}
        explains={
          letter.state === 'uncertain'
            ? 'Nobody knows whether its call outside happened: it may happen twice.'
            : 'It is tried anew, as often as at first.'
        }
        onAct={() => retry.mutate({ params })}
      >
        Send again
      </ActButton>
    </Group>
  );
  return (
    <PageBody title={letter ? `${letter.type} #${id}` : `Dead letter #${id}`} actions={buttons}>
      <Shown query={query}>{(found) => <Facts of={found} />}</Shown>
    </PageBody>
  );
}
