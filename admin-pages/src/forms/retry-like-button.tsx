import { notifications } from '@mantine/notifications';
import { api } from '../api/client';
import { ActButton } from './act-button';

type Props = { type: string; error?: string | undefined };

/** Sends again all that died of the same. */
export function RetryLikeButton({ type, error = '' }: Props) {
  const retry = api.useMutation('post', '/api/admin/dead-letters/retry/', {
    onSuccess: ({ retried, has_more }) =>
      notifications.show({ message: `${retried} sent again${has_more ? '; there are more' : ''}.`, color: 'green' }),
  });
  return (
    <ActButton
      loading={retry.isPending}
      explains={`Every dead letter of type ${type}${error && ` whose error begins with “${error}”`}, a thousand at once.`}
      onAct={() => retry.mutate({ body: { type, error } })}
    >
      Send all like this again
    </ActButton>
  );
}
