import { Button, Card, Checkbox, Group, NativeSelect, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../api/client';
import { fieldErrors } from './field-errors';

type Given = { tier: 'free' | 'pro'; is_free: boolean; expires_at: string | null };

/** Gives pro, or takes it. */
export function PlanForm({ id, subscription }: { id: number; subscription: Given | null }) {
  const { tier = 'free', is_free = false, expires_at = null } = subscription ?? {};
  const form = useForm({ initialValues: { tier, is_free, ends_on: expires_at?.slice(0, 10) ?? '' } });
  const save = api.useMutation('patch', '/api/admin/users/{id}/subscription/', {
    meta: { done: 'Saved.', tellsItself: true },
    onError: (error: unknown) => form.setErrors(fieldErrors(error, 'tier')),
  });
  const submit = form.onSubmit(({ tier, is_free, ends_on }) => {
    const ends = ends_on ? { expires_at: new Date(`${ends_on}T23:59:59Z`).toISOString() } : { expires_at: null };
    save.mutate({ params: { path: { id } }, body: { tier, is_free, ...(form.isDirty('ends_on') && ends) } });
  });
  return (
    <Card withBorder>
      <Title order={2} size="h5" mb="sm">
        Give or take pro
      </Title>
      <form onSubmit={submit}>
        <Group align="flex-end">
          <NativeSelect label="Tier" data={['free', 'pro']} {...form.getInputProps('tier')} />
          <TextInput label="Ends on" type="date" {...form.getInputProps('ends_on')} />
          <Checkbox label="Free of charge" my={8} {...form.getInputProps('is_free', { type: 'checkbox' })} />
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </form>
    </Card>
  );
}
