import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../api/client';
import { Dialog } from '../show/dialog';
import { fieldErrors } from './field-errors';

export function ConfirmationForm({ onSettled }: { onSettled(isConfirmed: boolean): void }) {
  const form = useForm({ initialValues: { password: '', totp: '' } });
  const confirm = api.useMutation('post', '/api/admin/confirm/', {
    meta: { tellsItself: true },
    onSuccess: () => onSettled(true),
    onError: (error: unknown) => form.setErrors(fieldErrors(error, 'totp')),
  });
  return (
    <Dialog isOpen onClose={() => onSettled(false)} title="Is it you?">
      <form onSubmit={form.onSubmit((body) => confirm.mutate({ body }))}>
        <Stack>
          <Text size="sm">Your password and a fresh code, please. They are good for ten minutes.</Text>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            data-autofocus
            {...form.getInputProps('password')}
          />
          <TextInput
            label="Code of your authenticator"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            maxLength={6}
            {...form.getInputProps('totp')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onSettled(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={confirm.isPending}>
              Confirm
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
