import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { api } from '../api/client';
import { Dialog } from '../show/dialog';
import { Facts } from '../show/facts';
import { Shown } from '../show/shown';

/** Shows what would go before it goes. */
export function DeleteUserButton({ id }: { id: number }) {
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="outline" color="danger" onClick={open}>
        Delete
      </Button>
      <Dialog isOpen={isOpen} onClose={close} title="Delete this account?">
        <Plan id={id} onClose={close} />
      </Dialog>
    </>
  );
}

function Plan({ id, onClose }: { id: number; onClose(): void }) {
  const path = { id };
  const remove = api.useMutation('delete', '/api/admin/users/{id}/', {
    meta: { done: 'Deleted; it can be restored for 30 days.' },
    onSuccess: onClose,
  });
  // A dry run: a read, whatever its method is called.
  const plan = api.useQuery(
    'delete',
    '/api/admin/users/{id}/',
    { params: { path, query: { dry_run: 'true' } } },
    { staleTime: 0, gcTime: 0 },
  );
  return (
    <Stack>
      <Text size="sm">That is what would go, and what would pass to others. For 30 days it can all be restored.</Text>
      <Shown query={plan}>{(counts) => counts && <Facts of={counts} label="What would go" />}</Shown>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="danger"
          disabled={!plan.data}
          loading={remove.isPending}
          onClick={() => remove.mutate({ params: { path } })}
        >
          Delete the account
        </Button>
      </Group>
    </Stack>
  );
}
