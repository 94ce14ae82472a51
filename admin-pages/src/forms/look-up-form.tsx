import { Button, Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { components, paths } from '../../generated/api';
import { api } from '../api/client';
import { fieldErrors } from './field-errors';

export type Kind = paths['/api/admin/look-ups/{kind}/']['get']['parameters']['path']['kind'];
type LookUp = components['schemas']['AdminLookUp'];
type NewLookUp = components['schemas']['NewLookUp'];

const UNITS = ['day', 'week', 'month', 'year'] as const;

/** Adds one, or changes it; the apps learn of it with the next release of the static data. */
export function LookUpForm({ kind, lookUp, onDone }: { kind: Kind; lookUp: LookUp | undefined; onDone(): void }) {
  const form = useForm({ initialValues: valuesOf(lookUp) });
  const options = {
    meta: { done: 'Saved.', tellsItself: true },
    onError: (error: unknown) => form.setErrors(fieldErrors(error, 'name')),
    onSuccess: onDone,
  } as const;
  const add = api.useMutation('post', '/api/admin/look-ups/{kind}/', options);
  const edit = api.useMutation('patch', '/api/admin/look-ups/{kind}/{id}/', options);
  const submit = form.onSubmit((values) => {
    const body = bodyOf(kind, values);
    if (lookUp) edit.mutate({ params: { path: { kind, id: lookUp.id } }, body });
    else add.mutate({ params: { path: { kind } }, body });
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" required maxLength={100} data-autofocus {...form.getInputProps('name')} />
        <NumberInput label="Place" min={0} max={10_000} {...form.getInputProps('display_order')} />
        {kind === 'task-priorities' && <NumberInput label="Level" min={0} max={100} {...form.getInputProps('level')} />}
        {kind === 'task-frequencies' ? (
          <>
            <NumberInput
              label="Every"
              description="Empty: once"
              min={1}
              max={1000}
              {...form.getInputProps('interval')}
            />
            <NativeSelect label="Unit" data={['', ...UNITS]} {...form.getInputProps('unit')} />
            <NumberInput label="In days, about" min={1} max={40_000} {...form.getInputProps('days')} />
          </>
        ) : (
          <Group grow>
            <TextInput label="Colour" placeholder="#FF9500" {...form.getInputProps('color')} />
            <TextInput label="Icon" maxLength={50} {...form.getInputProps('icon')} />
          </Group>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending || edit.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A field that is empty is the empty text. */
const valuesOf = (lookUp: LookUp | undefined) => ({
  name: lookUp?.name ?? '',
  display_order: lookUp?.display_order ?? ('' as const),
  level: lookUp?.level ?? ('' as const),
  interval: lookUp?.interval ?? ('' as const),
  unit: lookUp?.unit ?? ('' as const),
  days: lookUp?.days ?? ('' as const),
  color: lookUp?.color ?? '',
  icon: lookUp?.icon ?? '',
});

function bodyOf(
  kind: Kind,
  { name, display_order, level, interval, unit, days, color, icon }: ReturnType<typeof valuesOf>,
): NewLookUp {
  const look = { color: color || null, icon: icon || null };
  return {
    name,
    ...(display_order !== '' && { display_order }),
    ...(kind === 'task-priorities' && level !== '' && { level }),
    ...(kind === 'task-frequencies' ? { interval: interval || null, unit: unit || null, days: days || null } : look),
  };
}
