import { Button, Code, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMemo } from 'react';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { ActButton } from '../forms/act-button';
import { fieldErrors } from '../forms/field-errors';
import type { List } from '../list/list';
import { ListOf } from '../list/list-page';
import { Dialog } from '../show/dialog';
import { PageBody } from '../show/page';

const PATH = '/api/admin/contact-keys/';

/** What lets a website hand in messages. */
export function Page() {
  const mayWrite = useMayWrite();
  const list = useMemo(() => listOf(mayWrite), [mayWrite]);
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <PageBody title="Contact keys" actions={mayWrite && <Button onClick={open}>Make a key</Button>}>
      <ListOf list={list} />
      <Dialog isOpen={isOpen} onClose={close} title="A new key">
        <NewKey onDone={close} />
      </Dialog>
    </PageBody>
  );
}

const listOf = (mayWrite: boolean): List<typeof PATH> => ({
  path: PATH,
  columns: [
    'name',
    { name: 'ends in', show: ({ hint }) => <Code>…{hint}</Code> },
    'per_hour',
    'created_at',
    'revoked_at',
    'id',
    ...(mayWrite
      ? [{ name: 'actions', show: ({ id, revoked_at }: Key) => !revoked_at && <RevokeButton id={id} /> }]
      : []),
  ],
});

type Key = { id: number; revoked_at: string | null };

function RevokeButton({ id }: { id: number }) {
  const revoke = api.useMutation('post', '/api/admin/contact-keys/{id}/revoke/', { meta: { done: 'Revoked.' } });
  return (
    <ActButton
      explains="The website that has it can’t hand in messages any more."
      onAct={() => revoke.mutate({ params: { path: { id } } })}
    >
      Revoke
    </ActButton>
  );
}

function NewKey({ onDone }: { onDone(): void }) {
  const form = useForm({ initialValues: { name: '', per_hour: 60 } });
  const make = api.useMutation('post', '/api/admin/contact-keys/', {
    meta: { tellsItself: true },
    onError: (error: unknown) => form.setErrors(fieldErrors(error, 'name')),
  });
  if (make.data) {
    return (
      <Stack>
        <Text size="sm">It is shown this once. Keep it where the website finds it.</Text>
        <Code block className="wraps">
          {make.data.key}
        </Code>
        <Button onClick={onDone}>I have it</Button>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((body) => make.mutate({ body }))}>
      <Stack>
        <TextInput
          label="Name"
          description="Of the website"
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <NumberInput label="Messages an hour" required min={1} max={100_000} {...form.getInputProps('per_hour')} />
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending}>
            Make
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
