import { Button, Card, Group, Text } from '@mantine/core';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { Facts } from '../show/facts';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const params = { path: { id } };
  const query = api.useQuery('get', '/api/admin/contact-messages/{id}/', { params });
  const mayWrite = useMayWrite();
  const answer = api.useMutation('post', '/api/admin/contact-messages/{id}/answer/', { meta: { done: 'Answered.' } });
  const close = api.useMutation('post', '/api/admin/contact-messages/{id}/close/', { meta: { done: 'Closed.' } });
  const message = query.data;
  const buttons = message && (
    <Group gap="xs">
      <Button component="a" variant="default" href={mailTo(message.email)}>
        Write a mail
      </Button>
      {mayWrite && (
        <>
          <Button
            disabled={message.status === 'answered'}
            loading={answer.isPending}
            onClick={() => answer.mutate({ params })}
          >
            It is answered
          </Button>
          <Button
            variant="default"
            disabled={message.status === 'closed'}
            loading={close.isPending}
            onClick={() => close.mutate({ params })}
          >
            Close
          </Button>
        </>
      )}
    </Group>
  );
  return (
    <PageBody title={message ? `Message of ${message.name}` : `Message #${id}`} actions={buttons}>
      <Shown query={query}>
        {(found) => (
          <>
            <Card withBorder>
              <Text className="wraps">{found.message}</Text>
            </Card>
            <Facts of={found} without={['message']} />
          </>
        )}
      </Shown>
    </PageBody>
  );
}

/** An address may have signs in it that mean something in a link. */
const mailTo = (email: string): string => `mailto:${encodeURIComponent(email)}?subject=honeyDue`;
